/** How often may be guessed wrong, and how long to wait then. */
export interface GuessRule {
  readonly most: number;
  readonly withinMs: number;
  /** Failures that cost no wait; each one more doubles it, from two seconds on. */
  readonly free: number;
}

export const guessRules = {
  account: { most: 10, withinMs: 15 * 60_000, free: 4 },
  address: { most: 100, withinMs: 3_600_000, free: 100 },
  mails: { most: 5, withinMs: 3_600_000, free: 5 },
} as const satisfies Record<string, GuessRule>;

/** Longer than any rule looks back. */
export const REMEMBERED_MS = 3_600_000;

/** Seconds until the next try is let in; 0 when it is now. */
export function secondsToWait(rule: GuessRule, failures: readonly Date[], now: Date): number {
  const recent = failures
    .map((failure) => failure.getTime())
    .filter((at) => at > now.getTime() - rule.withinMs)
    .toSorted((a, b) => a - b);
  const oldestThatCounts = recent.at(-rule.most);
  const window = recent.length < rule.most ? 0 : oldestThatCounts! + rule.withinMs - now.getTime();
  const over = recent.length - rule.free;
  const delay = over <= 0 ? 0 : recent.at(-1)! + 1_000 * 2 ** over - now.getTime();
  return Math.max(0, Math.ceil(Math.max(window, delay) / 1_000));
}
