import { asError } from '../events/reason.js';

/** Keeps a membership alive while a batch takes its time. */
export interface Heartbeat {
  /** Why the membership is in doubt: what is not finished belongs to somebody else soon. */
  readonly lost: Error | undefined;
  stop(): void;
}

export function beating(beat: () => Promise<void>, everyMs: number): Heartbeat {
  let lost: Error | undefined;
  const timer = setInterval(() => void beat().catch((error: unknown) => (lost ??= asError(error))), everyMs);
  return {
    get lost() {
      return lost;
    },
    stop: () => clearInterval(timer),
  };
}
