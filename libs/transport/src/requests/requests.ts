import type { ActorContext } from '@tidemark/contracts';

/** Providers ask for the port by this token; the app decides which adapter answers. */
export const REQUESTS = Symbol('tidemark.requests');

/** The client of the desktop app gives up after 30 s; whoever waits here is answered before that. */
export const LONGEST_WAIT_MS = 25_000;

export interface RequestOptions {
  readonly actor: ActorContext;
  /** How long the caller waits; never longer than LONGEST_WAIT_MS. */
  readonly timeoutMs?: number;
}

/**
 * Asks another service and waits for its answer.
 *
 * A reply means that the handler finished. A `DomainError` is the handler's own refusal, as it threw it. `UNAVAILABLE`
 * means that no handler ran: nobody answers there, or they are full or going away. `TIMEOUT` means that nobody knows: the
 * deadline passed or the reply was lost. Nothing that may have reached a handler is sent twice, so repeating is for
 * the caller, under the same command id.
 *
 * Payload and reply are plain data: null, booleans, finite numbers, strings, Uint8Array, arrays and objects of these. They
 * arrive as copies; what is undefined is left out of an object, and a reply of undefined arrives as null.
 */
export interface Requests {
  send<Reply>(pattern: string, payload: unknown, options: RequestOptions): Promise<Reply>;
}
