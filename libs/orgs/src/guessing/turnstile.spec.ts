import { setImmediate as turn } from 'node:timers/promises';
import { Turnstile } from './turnstile.js';

/** Work that ends when it is told to. */
function works(turnstile: Turnstile, count: number) {
  const running: (() => void)[] = [];
  const began: number[] = [];
  const all = Array.from({ length: count }, (_, n) =>
    turnstile.through(async () => {
      began.push(n);
      await new Promise<void>((resolve) => running.push(resolve));
      return n;
    }),
  );
  return { running, began, all };
}

describe('the turnstile', () => {
  it('lets in as many as there are places, and the others in their order', async () => {
    const { running, began, all } = works(new Turnstile(2), 5);
    await turn();
    expect(began).toEqual([0, 1]);
    running[0]!();
    await turn();
    expect(began).toEqual([0, 1, 2]);
    for (let n = 1; n < 5; n++) {
      running[n]!();
      await turn();
    }
    expect(await Promise.all(all)).toEqual([0, 1, 2, 3, 4]);
  });

  it('gives a place back when the work fails', async () => {
    const turnstile = new Turnstile(1);
    await expect(turnstile.through(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await turnstile.through(async () => 'in')).toBe('in');
  });

  it('has one place at least, and refuses when the line is too long', async () => {
    const { running, all } = works(new Turnstile(0, 2), 4);
    await expect(all[3]).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    for (let n = 0; n < 3; n++) {
      await turn();
      running[n]!();
    }
    expect(await Promise.all(all.slice(0, 3))).toEqual([0, 1, 2]);
  });
});
