import type { ErrorCode } from './error-kinds.js';

/** One finding inside a refusal: which field, which rule, or which object. */
export interface ErrorDetail {
  readonly field?: string;
  readonly rule?: string;
  readonly id?: string;
}

/** A refusal in the words of the contract. Its message is for the person who asked: what is wrong and what to do. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  /** Seconds after which to try again, where that is known better than the code says. */
  readonly retryAfter: number | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: readonly ErrorDetail[] = [],
    options?: ErrorOptions & { readonly retryAfter?: number | undefined },
  ) {
    super(message, options);
    this.retryAfter = options?.retryAfter;
  }
}

export const notFound = () => new DomainError('NOT_FOUND', 'Not found, or you have no access.');

export const unauthorized = () =>
  new DomainError('UNAUTHORIZED', 'You are not logged in or your session has ended. Log in again.');

export const unavailable = (what: string, cause?: unknown) =>
  new DomainError('UNAVAILABLE', `${what} Nothing was saved. Try again in a moment.`, [], { cause });

export const notConfirmed = (cause?: unknown) =>
  new DomainError('TIMEOUT', 'Not confirmed. It is safe to try again.', [], { cause });

/** The words are the desktop app's own. */
export const historyConflict = () =>
  new DomainError('HISTORY_CONFLICT', 'Remote history conflict. Please pull latest changes and try again');

/** One text for a file that is unknown, archived or somebody else's (obligation O9). */
export const fileAbsent = () =>
  new DomainError('NOT_FOUND', 'invalid access: this file does not exist here, or you have no access to it');
