/** Keeps a membership alive while a batch takes its time. */
export interface Heartbeat {
  /** Why the membership is in doubt: what is not finished belongs to somebody else soon. */
  readonly lost: unknown;
  stop(): void;
}

export function beating(beat: () => Promise<void>, everyMs: number): Heartbeat {
  let lost: unknown;
  const timer = setInterval(() => void beat().catch((error: unknown) => (lost ??= error)), everyMs);
  return {
    get lost() {
      return lost;
    },
    stop: () => clearInterval(timer),
  };
}
