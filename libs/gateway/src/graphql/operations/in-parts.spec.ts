import { DomainError, fileAbsent } from '@tidemark/contracts';
import { inParts } from './in-parts.js';

const tooLarge = () => new DomainError('TOO_LARGE', 'Ask for fewer.');
const ids = Array.from({ length: 50 }, (_, i) => i);

async function collected<Item>(parts: AsyncGenerator<readonly Item[]>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const part of parts) all.push(...part);
  return all;
}

describe('a list that is asked for in parts', () => {
  it('is asked for in one go when that is possible', async () => {
    let asked = 0;
    const ask = async (some: readonly number[]) => (asked++, some);
    expect([await collected(inParts(ids, ask)), asked]).toEqual([ids, 1]);
  });

  it('is whole and in order, whatever is too much at once', async () => {
    const most = (limit: number) => async (some: readonly number[]) => {
      if (some.length > limit) throw tooLarge();
      return some;
    };
    for (const limit of [49, 7, 3, 1]) expect(await collected(inParts(ids, most(limit)))).toEqual(ids);
  });

  it('is refused when one alone is too much, or for any other reason, never shortened', async () => {
    const ask = (error: Error) => async (some: readonly number[]) => {
      if (some.includes(33)) throw error;
      return some;
    };
    await expect(collected(inParts(ids, ask(tooLarge())))).rejects.toMatchObject({ code: 'TOO_LARGE' });
    await expect(collected(inParts(ids, ask(fileAbsent())))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
