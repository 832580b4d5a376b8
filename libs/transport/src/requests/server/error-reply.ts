import { type DomainError, errorKinds } from '@tidemark/contracts';
import type { WireReply } from '../wire.js';

/** An error body of the contract: the same JSON that the outside sees, so a person can read it on the wire too. */
export function errorReply(error: DomainError, requestId: string | undefined): WireReply {
  const kind: { status: number; retryAfter?: number } = errorKinds[error.code];
  const { retryAfter } = error;
  const details = error.details.length > 0 ? { details: error.details } : {};
  const body = JSON.stringify({
    error: error.code,
    message: error.message,
    requestId,
    ...details,
    retryAfter,
  });
  return { ...kind, ...(retryAfter === undefined ? {} : { retryAfter }), body: Buffer.from(body) };
}
