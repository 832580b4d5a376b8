import { DomainError, errorKinds, fileAbsent, notFound } from '@tidemark/contracts';
import { asDomainError, type Logger } from '@tidemark/runtime';
import type { GraphQLError } from 'graphql';

/** The body of an answer with status 200, success or not. It never has a member `error` at its top. */
export type Answer = { readonly data: unknown; readonly errors?: readonly AnswerError[] };

interface AnswerError {
  readonly message: string;
  readonly extensions: { readonly code: string; readonly status: number; readonly requestId: string };
}

export const refusal = (error: DomainError, requestId: string): AnswerError => ({
  message: wordsOf(error),
  extensions: { code: error.code, status: errorKinds[error.code].status, requestId },
});

export const refused = (error: DomainError, requestId: string): Answer => ({
  data: null,
  errors: [refusal(error, requestId)],
});

/** What an operation threw; several fields may have failed, and the app reads the first. */
export function failed(errors: readonly GraphQLError[], requestId: string, logger: Logger): Answer {
  const refusals = errors.slice(0, 10).map((error) => {
    const domainError = asDomainError(error.originalError ?? error);
    if (errorKinds[domainError.code].status === 500)
      logger.error(
        { requestId, code: domainError.code, err: error.originalError ?? error },
        'an operation failed',
      );
    return refusal(domainError, requestId);
  });
  return { data: null, errors: refusals };
}

/** The app knows a lacking right, and an absent file, by two words. */
function wordsOf({ code, message }: DomainError): string {
  if (code === 'NOT_FOUND' && message === notFound().message) return fileAbsent().message;
  if (code === 'FORBIDDEN' && !message.includes('invalid access')) return `invalid access: ${message}`;
  return message;
}
