import { describe, expect, it } from '@jest/globals';
import { Line } from './line.js';

const UNAVAILABLE = { code: 'UNAVAILABLE' };
const LONG = 60_000;

function lineOf(places: number, longest: number) {
  let count = 0;
  return new Line(() => ++count, places, longest);
}

describe('the line before a service', () => {
  it('lets as many in as there are places, and then one for each that leaves, in order', async () => {
    const line = lineOf(2, 10);
    const inside: string[] = [];
    const enter = async (name: string) => {
      const { leave } = await line.enter(LONG);
      inside.push(name);
      return leave;
    };
    const [a, b, c, d] = [enter('a'), enter('b'), enter('c'), enter('d')];
    const [leaveA, leaveB] = await Promise.all([a, b]);
    expect(inside).toEqual(['a', 'b']);
    leaveB();
    await c;
    expect(inside).toEqual(['a', 'b', 'c']);
    leaveA();
    await d;
    expect(inside).toEqual(['a', 'b', 'c', 'd']);
  });

  it('gives a place back once, however often it is told', async () => {
    const line = lineOf(1, 1);
    const { leave } = await line.enter(LONG);
    leave();
    leave();
    await line.enter(LONG);
    await expect(line.enter(1)).rejects.toMatchObject(UNAVAILABLE);
  });

  it('sends away at once whoever finds it full', async () => {
    const line = lineOf(1, 1);
    const { leave } = await line.enter(LONG);
    const waiting = line.enter(LONG);
    await expect(line.enter(LONG)).rejects.toMatchObject(UNAVAILABLE);
    leave();
    (await waiting).leave();
  });

  it('sends away whoever is still in it when their time is over, and forgets them', async () => {
    const line = lineOf(1, 1);
    const { leave } = await line.enter(LONG);
    await expect(line.enter(5)).rejects.toMatchObject(UNAVAILABLE);
    const next = line.enter(LONG);
    leave();
    (await next).leave();
    await line.enter(LONG);
  });

  it('makes a place when it is needed, and takes the one used last', async () => {
    const line = lineOf(3, 1);
    const [one, two] = [await line.enter(LONG), await line.enter(LONG)];
    expect([one.place, two.place]).toEqual([1, 2]);
    one.leave();
    two.leave();
    for (let i = 0; i < 5; i++) {
      const again = await line.enter(LONG);
      expect(again.place).toBe(2);
      again.leave();
    }
    expect(line.made).toEqual([1, 2]);
  });
});
