/** A refusal of the server, or its silence. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly code: string,
    message: string,
    readonly requestId?: string,
  ) {
    super(message);
  }
}

/** Whether it was done nobody knows. */
export const isUnanswered = (error: unknown): boolean =>
  error instanceof ApiError && ['UNREACHABLE', 'UNREADABLE', 'TIMEOUT'].includes(error.code);

interface Refusal {
  error?: unknown;
  message?: unknown;
  requestId?: unknown;
}

const patience = 30_000;

export const get = <T>(path: string): Promise<T> => call<T>('GET', path);
export const post = <T = undefined>(path: string, body: object = {}): Promise<T> =>
  call<T>('POST', path, body);
export const remove = (path: string): Promise<void> => call('DELETE', path);

async function call<T>(method: string, path: string, body?: object): Promise<T> {
  const response = await answer(path, {
    method,
    ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
    credentials: 'same-origin',
    cache: 'no-store',
    signal: AbortSignal.timeout(patience),
  });
  const content = await parsed(response);
  if (response.ok) return content as T;
  throw refusal(response, content as Refusal | undefined);
}

async function answer(path: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(`/app/api/${path}`, options);
  } catch {
    throw new ApiError(
      'UNREACHABLE',
      'The server does not answer. Check the connection and try again; nothing you typed is lost.',
    );
  }
}

async function parsed(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch {
    throw new ApiError('UNREADABLE', `The server gave no readable answer (status ${response.status}).`);
  }
}

function refusal({ status, headers }: Response, content: Refusal | undefined): ApiError {
  const { error, message, requestId } = content ?? {};
  const id = typeof requestId === 'string' ? requestId : headers.get('x-request-id');
  return new ApiError(
    typeof error === 'string' ? error : `HTTP_${status}`,
    typeof message === 'string' ? message : `The server refused (status ${status}).`,
    id ?? undefined,
  );
}
