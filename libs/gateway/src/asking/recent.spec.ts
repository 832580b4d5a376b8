import { Recent } from './recent.js';

function counting() {
  let [asked, time] = [0, 0];
  const recent = new Recent<number>(4_000, 2, () => time);
  const ask = () => Promise.resolve(++asked);
  return { recent, ask, at: (ms: number) => (time = ms), asked: () => asked };
}

describe('recent answers', () => {
  it('are given again until they are too old, counted from the question', async () => {
    const { recent, ask, at } = counting();
    expect(await recent.get('a', ask)).toBe(1);
    at(3_999);
    expect(await recent.get('a', ask)).toBe(1);
    at(4_000);
    expect(await recent.get('a', ask)).toBe(2);
  });

  it('are asked for anew by whoever needs younger ones, for the others too', async () => {
    const { recent, ask, at } = counting();
    await recent.get('a', ask);
    at(1_000);
    expect(await recent.get('a', ask, 1_001)).toBe(1);
    expect(await recent.get('a', ask, 1_000)).toBe(2);
    expect(await recent.get('a', ask)).toBe(2);
  });

  it('are one answer for all who ask meanwhile', async () => {
    const { recent, ask } = counting();
    expect(await Promise.all([recent.get('a', ask), recent.get('a', ask)])).toEqual([1, 1]);
  });

  it('keep no refusal', async () => {
    const { recent, ask } = counting();
    await expect(recent.get('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await recent.get('a', ask)).toBe(1);
  });

  it('a refusal that comes late takes no newer answer away', async () => {
    const { recent, ask, asked } = counting();
    const { promise, reject } = Promise.withResolvers<number>();
    const old = recent.get('a', () => promise);
    const newer = recent.get('a', ask, 0);
    reject(new Error('no'));
    await expect(old).rejects.toThrow('no');
    expect([await newer, await recent.get('a', ask), asked()]).toEqual([1, 1, 1]);
  });

  it('are never more than so many: the oldest goes', async () => {
    const { recent, ask, asked } = counting();
    for (const key of ['a', 'b', 'c', 'b', 'c']) await recent.get(key, ask);
    expect(asked()).toBe(3);
    await recent.get('a', ask);
    expect(asked()).toBe(4);
  });

  it('are forgotten when they are known to be wrong', async () => {
    const { recent, ask } = counting();
    await recent.get('a', ask);
    recent.forget();
    expect(await recent.get('a', ask)).toBe(2);
    recent.forget('a');
    expect(await recent.get('a', ask)).toBe(3);
  });
});
