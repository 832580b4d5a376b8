import { median, percentile, ratioOf, verdictOn } from './statistics.js';

describe('statistics', () => {
  it('take the middle, of an even count the mean of both', () => {
    expect(median([9, 1, 10])).toBe(9);
    expect(median([4, 1, 2, 100])).toBe(3);
  });

  it('take a percentile by rank and by value, not by text', () => {
    const hundred = Array.from({ length: 100 }, (_, n) => 100 - n);
    expect(percentile(hundred, 0.5)).toBe(50);
    expect(percentile(hundred, 0.99)).toBe(99);
    expect(percentile(hundred, 1)).toBe(100);
    expect(percentile([7], 0.99)).toBe(7);
  });

  it('refuse to speak of nothing', () => {
    expect(() => median([])).toThrow();
    expect(() => percentile([], 0.5)).toThrow();
  });
});

describe('the ratio', () => {
  it('is the median of the ratios of the rounds, not the ratio of the medians', () => {
    const ratio = ratioOf([10, 40, 90], [10, 10, 30]);
    expect(ratio).toEqual({ median: 3, min: 1, max: 4, spread: 1 });
  });

  it('wants both sides of each round', () => expect(() => ratioOf([1, 2], [1])).toThrow());

  it.each([
    [[30, 32, 33], 3, 'met'],
    [[30, 30, 30], 3, 'met'],
    [[29, 29.9, 30], 3, 'missed'],
    [[30, 40, 45], 3, 'noisy'],
    [[10, 20, 25], 3, 'noisy'],
  ] as const)('of %j to 10 each on a target of %d is %s', (ours, target, verdict) =>
    expect(verdictOn(ratioOf(ours, [10, 10, 10]), target)).toBe(verdict),
  );
});
