import { guessRules, secondsToWait } from './guess-rules.js';

const NOW = new Date('2026-01-02T03:04:05.678Z');
const ago = (...seconds: number[]) => seconds.map((s) => new Date(NOW.getTime() - s * 1_000));
const { account, address } = guessRules;

describe('how long a guess waits', () => {
  it('is not at all while there were few', () => {
    expect(secondsToWait(account, [], NOW)).toBe(0);
    expect(secondsToWait(account, ago(0, 0, 0, 0), NOW)).toBe(0);
  });

  it('doubles with each failure after the fourth', () => {
    const after = (failures: number) => secondsToWait(account, ago(...Array<number>(failures).fill(0)), NOW);
    expect([5, 6, 7, 8, 9].map(after)).toEqual([2, 4, 8, 16, 32]);
  });

  it('counts from the last failure, whatever order they are in', () => {
    expect(secondsToWait(account, ago(100, 3, 90, 80, 70, 60), NOW)).toBe(1);
    expect(secondsToWait(account, ago(100, 4, 90, 80, 70, 60), NOW)).toBe(0);
  });

  it('after ten lasts until the first of them is a quarter of an hour ago', () => {
    const ten = ago(880, 600, 500, 400, 350, 300, 250, 200, 180, 150);
    expect(secondsToWait(account, ten, NOW)).toBe(20);
    expect(secondsToWait(account, [...ten, ...ago(899)], NOW)).toBe(20);
    expect(secondsToWait(account, [...ten.slice(1), ...ago(900)], NOW)).toBe(0);
  });

  it('of an address begins with the hundredth within an hour', () => {
    const failures = ago(3_590, ...Array<number>(98).fill(60));
    expect(secondsToWait(address, failures, NOW)).toBe(0);
    expect(secondsToWait(address, [...failures, ...ago(1)], NOW)).toBe(10);
  });

  it('is short again for what was long ago', () => {
    expect(secondsToWait(account, ago(...Array<number>(50).fill(901)), NOW)).toBe(0);
  });
});
