import { HttpException } from '@nestjs/common';
import {
  DomainError,
  isErrorCode,
  notConfirmed,
  notFound,
  unauthorized,
  type ErrorCode,
} from '@tidemark/contracts';
import { codeOf, isError } from '../errors-of.js';

/** What a framework refuses is said in our words: its own quote the input, paths and names of classes. */
const words = {
  BAD_REQUEST: 'The request is malformed.',
  INVALID_JSON: 'The body is not valid JSON.',
  FORBIDDEN: 'You are not allowed to do this.',
  METHOD_NOT_ALLOWED: 'This path does not take this method. The header Allow names those it takes.',
  NOT_ACCEPTABLE: 'None of the types in the header Accept is offered here. Accept application/json.',
  CONFLICT: 'Somebody else was faster. Read again and retry.',
  TOO_LARGE: 'The body is larger than this call takes.',
  URI_TOO_LONG: 'The address, or a part of it, is too long.',
  UNSUPPORTED_MEDIA_TYPE: 'The body must be application/json in UTF-8, without Content-Encoding.',
  HEADERS_TOO_LARGE: 'The headers are larger than 16 KiB in total. Send fewer or shorter ones.',
  RATE_LIMITED: 'Too many requests. Wait as long as Retry-After says.',
  INTERNAL: 'Something went wrong on our side. If it happens again, tell the operator the requestId.',
  UNAVAILABLE: 'This cannot be done right now. Nothing was saved. Try again in a moment.',
} as const satisfies Partial<Record<ErrorCode, string>>;

type Worded = keyof typeof words;

/** A refusal in the fixed words of its code. */
export const refused = (code: Worded, cause?: unknown): DomainError =>
  new DomainError(code, words[code], [], { cause });

const byFastifyCode: Record<string, Worded> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'INVALID_JSON',
  FST_ERR_CTP_INVALID_JSON_BODY: 'INVALID_JSON',
  FST_ERR_MAX_PARAM_LENGTH: 'URI_TOO_LONG',
};

const byStatus: Record<number, Worded> = {
  400: 'BAD_REQUEST',
  403: 'FORBIDDEN',
  405: 'METHOD_NOT_ALLOWED',
  406: 'NOT_ACCEPTABLE',
  409: 'CONFLICT',
  413: 'TOO_LARGE',
  414: 'URI_TOO_LONG',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  429: 'RATE_LIMITED',
  431: 'HEADERS_TOO_LARGE',
  503: 'UNAVAILABLE',
};

/** Whatever was thrown, as a refusal of the contract. What nobody expected is INTERNAL and says nothing of itself. */
export function asDomainError(thrown: unknown): DomainError {
  if (isDomainError(thrown)) return thrown;
  const cause = thrown instanceof HttpException && isError(thrown.cause) ? thrown.cause : thrown;
  if (isDomainError(cause)) return cause;
  if (codeOf(cause) === 'FST_ERR_HANDLER_TIMEOUT') return notConfirmed(cause);
  const code = byFastifyCode[codeOf(cause)];
  return code ? refused(code, cause) : byStatusOf(thrown);
}

/** By its form: an error may have been made by another copy of the class. */
const isDomainError = (thrown: unknown): thrown is DomainError =>
  thrown instanceof DomainError ||
  (isError(thrown) && thrown.name === 'DomainError' && isErrorCode(codeOf(thrown)));

function byStatusOf(thrown: unknown): DomainError {
  const status = statusOf(thrown);
  if (status === 401) return unauthorized();
  if (status === 404) return notFound();
  if (status === 408 || status === 504) return notConfirmed(thrown);
  return refused(byStatus[status] ?? (status >= 400 && status < 500 ? 'BAD_REQUEST' : 'INTERNAL'), thrown);
}

function statusOf(thrown: unknown): number {
  if (thrown instanceof HttpException) return thrown.getStatus();
  if (!isError(thrown) || !('statusCode' in thrown) || typeof thrown.statusCode !== 'number') return 500;
  return thrown.name === 'FastifyError' ? thrown.statusCode : 500;
}
