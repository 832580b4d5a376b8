/** Numbers that look random and come again with the same seed (mulberry32). */
export interface Random {
  readonly seed: number;
  /** 0 ≤ x < 1 */
  next(): number;
  /** A whole number, 0 ≤ x < below. */
  below(below: number): number;
  shuffled<T>(items: readonly T[]): T[];
}

/** The seed is the one of TIDEMARK_TEST_SEED, so that a run can be repeated, or a new one. */
export function seededRandom(seed = seedOfThisRun()): Random {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  const shuffled = <T>(items: readonly T[]): T[] =>
    items
      .map((item) => ({ item, at: next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ item }) => item);
  return { seed, next, below, shuffled };
}

function seedOfThisRun(): number {
  const given = process.env['TIDEMARK_TEST_SEED'];
  if (given === undefined || given === '') return Math.floor(Math.random() * 2 ** 31);
  if (!/^\d{1,10}$/.test(given)) throw new Error(`TIDEMARK_TEST_SEED must be a whole number, not ${given}`);
  return Number(given);
}
