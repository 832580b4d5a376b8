import { DeviceError } from '../state/device-error.js';

export interface Refusal {
  readonly error?: unknown;
  readonly message?: unknown;
  readonly requestId?: unknown;
  readonly details?: unknown;
}

const textOr = (value: unknown, otherwise: string): string =>
  typeof value === 'string' && value !== '' ? value : otherwise;

/** A refusal over REST: `error`, `message`, `requestId`; of a proxy that knows nothing of it, at least the status. */
export function refusalOf(status: number, body: unknown, requestId: string, label?: string): DeviceError {
  const { error, message, requestId: theirs, details } = asRefusal(body);
  return new DeviceError(
    textOr(error, codeOfStatus(status)),
    textOr(message, `The server answered with status ${status}.`),
    {
      status,
      requestId: textOr(theirs, requestId),
      ...(label === undefined ? {} : { label }),
      ...(Array.isArray(details) ? { details } : {}),
    },
  );
}

const asRefusal = (body: unknown): Refusal => (typeof body === 'object' && body !== null ? body : {});

function codeOfStatus(status: number): string {
  if (status === 401) return 'UNAUTHORIZED';
  if (status === 404) return 'NOT_FOUND';
  if (status === 413) return 'TOO_LARGE';
  if (status === 429) return 'RATE_LIMITED';
  if (status === 504 || status === 408) return 'TIMEOUT';
  return status === 502 || status === 503 ? 'UNAVAILABLE' : 'INTERNAL';
}

/** No answer, or only part of one. */
export function networkError(error: unknown, requestId: string, label?: string): DeviceError {
  if (error instanceof DeviceError) return error;
  const late = error instanceof Error && error.name === 'TimeoutError';
  const options = { cause: error, requestId, ...(label === undefined ? {} : { label }) };
  return late
    ? new DeviceError('TIMEOUT', 'The server did not answer in time. Not confirmed.', options)
    : new DeviceError('NOT_CONNECTED', 'The server cannot be reached.', options);
}
