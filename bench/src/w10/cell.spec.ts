import { cells, payloadIndex, stepOf } from './cell.js';

const cell = { ...cells[0]!, eventsPerAppend: 3, appendsPerStream: 2 };

describe('the steps of a writer', () => {
  it('fill a stream, each expecting what the one before left, and go on with the next', () =>
    expect([0, 1, 2, 3].map((n) => stepOf(cell, 'timed', 7, n))).toEqual([
      { stream: 'branch-timed-7-0', expected: 0 },
      { stream: 'branch-timed-7-0', expected: 3 },
      { stream: 'branch-timed-7-1', expected: 0 },
      { stream: 'branch-timed-7-1', expected: 3 },
    ]));

  it('meet no other writer', () =>
    expect(stepOf(cell, 'timed', 1, 20).stream).not.toBe(stepOf(cell, 'timed', 11, 0).stream));
});

describe('the payload of an event', () => {
  it('follows from its place, and all of them are used', () => {
    const used = new Set(
      Array.from({ length: 2_000 }, (_, n) => payloadIndex(`branch-timed-${n % 50}-1`, n, 96)),
    );
    expect([...used].sort((a, b) => a - b)).toEqual(Array.from({ length: 96 }, (_, n) => n));
    expect(payloadIndex('branch-timed-1-1', 5, 96)).toBe(payloadIndex('branch-timed-1-1', 5, 96));
  });
});

describe('the cells', () => {
  it.each(cells.map((one) => [one.name, one] as const))('%s stays within what a cell may take', (_, one) => {
    expect(one.appends).toBeLessThanOrEqual(20_000);
    expect(one.mostMs).toBeLessThanOrEqual(10_000);
    expect(one.appends % one.writers).toBe(0);
    expect(one.warmUp % one.writers).toBe(0);
  });
});
