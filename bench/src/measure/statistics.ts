const ascending = (numbers: readonly number[]): number[] => {
  if (numbers.length === 0) throw new Error('There is nothing to take a statistic of.');
  return [...numbers].sort((a, b) => a - b);
};

export function median(numbers: readonly number[]): number {
  const sorted = ascending(numbers);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The smallest number that at least this share of all numbers do not exceed. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = ascending(numbers);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))]!;
}

export interface Ratio {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** How far the rounds lie apart, as a share of their median. */
  readonly spread: number;
}

/** Of ours ÷ theirs, round by round: what slows a machine down for a while slows down both sides of a round. */
export function ratioOf(ours: readonly number[], theirs: readonly number[]): Ratio {
  if (ours.length !== theirs.length) throw new Error('Each round has to have both sides.');
  const ratios = ours.map((one, round) => one / theirs[round]!);
  const middle = median(ratios);
  const [min, max] = [Math.min(...ratios), Math.max(...ratios)];
  return { median: middle, min, max, spread: (max - min) / middle };
}

const MOST_SPREAD = 0.3;

export type Verdict = 'met' | 'missed' | 'noisy';

/** Rounds that lie far apart prove nothing, however good their median is. */
export const verdictOn = (ratio: Ratio, target: number): Verdict => {
  if (ratio.spread > MOST_SPREAD) return 'noisy';
  return ratio.median >= target ? 'met' : 'missed';
};
