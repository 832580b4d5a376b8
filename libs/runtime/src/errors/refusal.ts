import { DomainError, errorKinds, type ErrorCode, type ErrorDetail } from '@tidemark/contracts';
import { formAt } from './forms.js';

/** A non-success as it goes out over HTTP. */
export interface Refusal {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: readonly ErrorDetail[];
  readonly headers: Readonly<Record<string, string>>;
}

/** The status follows from the code; only a request that came in too slowly is a TIMEOUT with 408. */
export function refusalOf(
  error: DomainError,
  extra: { status?: number; headers?: Record<string, string> } = {},
): Refusal {
  const kind: { status: number; retryAfter?: number } = errorKinds[error.code];
  const retryAfter = error.retryAfter ?? kind.retryAfter;
  return {
    status: extra.status ?? kind.status,
    code: error.code,
    message: error.message,
    details: error.details,
    headers: {
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
      ...extra.headers,
    },
  };
}

export const bodyOf = (refusal: Refusal, requestId: string, url: string) => ({
  error: refusal.code,
  message: refusal.message,
  requestId,
  ...(refusal.details.length > 0 ? { details: refusal.details } : {}),
  ...formAt(url, refusal, requestId),
});

/** For what is refused before there is a reply object: the same body and headers, ready to be written. */
export function written(
  refusal: Refusal,
  requestId: string,
  url = '',
): { headers: Record<string, string>; body: string } {
  const body = JSON.stringify(bodyOf(refusal, requestId, url));
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    'x-request-id': requestId,
    connection: 'close',
    ...refusal.headers,
  };
  return { headers, body };
}
