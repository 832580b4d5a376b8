import { notConfirmed } from '@tidemark/contracts';

/** When a wait ends, by a clock that is never set. */
export class Deadline {
  readonly #endsAt: number;

  constructor(withinMs: number) {
    this.#endsAt = performance.now() + withinMs;
  }

  /** Milliseconds left; 0 when it has passed. */
  get remainingMs(): number {
    return Math.max(0, this.#endsAt - performance.now());
  }
}

/**
 * Waits for the work, but no longer than `withinMs`; then TIMEOUT, and the work is told through the signal. Work that ends
 * after that ends unheard.
 */
export async function within<T>(withinMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(notConfirmed());
    abort.abort();
  }, withinMs);
  try {
    return await Promise.race([work(abort.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
