import { DomainError } from '@tidemark/contracts';
import { setTimeout as wait } from 'node:timers/promises';

export interface Retries {
  /** How long to wait before each further try; as many as there are tries after the first. */
  readonly pausesMs: readonly number[];
  /** No further try begins after this; the event is parked. */
  readonly withinMs: number;
  /** A handler that has not ended by then has failed; what it sends to its transaction afterwards is refused. */
  readonly handlerMs: number;
}

export const defaultRetries: Retries = {
  pausesMs: [250, 1_000, 3_000, 8_000, 15_000],
  withinMs: 30_000,
  handlerMs: 20_000,
};

export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

/** Rejects when the source stops. */
export const pause: Pause = (ms, signal) => wait(ms, undefined, { signal });

const IDLE_IN_TRANSACTION = '25P03';

/**
 * What lies outside the event and passes: the database cannot be reached, a COMMIT was not confirmed. It is no reason
 * to park anything; the batch comes again. A transaction that its handler left idle for too long is the handler's fault.
 */
export function passes(error: unknown): boolean {
  if (!(error instanceof DomainError)) return false;
  if (error.code === 'UNAVAILABLE') return codeOf(error.cause) !== IDLE_IN_TRANSACTION;
  return error.code === 'TIMEOUT' && error.message.startsWith('Not confirmed');
}

const codeOf = (cause: unknown): unknown =>
  typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : '';
