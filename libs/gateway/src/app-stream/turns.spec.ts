import { Turns } from './turns.js';

describe('turns', () => {
  it('are taken one after the other under one name, and at once under others', async () => {
    const turns = new Turns();
    const { promise, resolve } = Promise.withResolvers<void>();
    const done: string[] = [];
    const first = turns.take('a', async () => {
      await promise;
      done.push('a1');
    });
    const second = turns.take('a', async () => void done.push('a2'));
    await turns.take('b', async () => void done.push('b'));
    resolve();
    await Promise.all([first, second]);
    expect(done).toEqual(['b', 'a1', 'a2']);
  });

  it('go on after one that failed', async () => {
    const turns = new Turns();
    const first = turns.take('a', () => Promise.reject(new Error('no')));
    const second = turns.take('a', async () => 2);
    await expect(first).rejects.toThrow('no');
    expect(await second).toBe(2);
  });
});
