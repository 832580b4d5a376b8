import { networkError } from './refusal.js';
import { randomHex } from '../model/random.js';

/** What the platform's `fetch` does. Tests hand in one that reaches a model of the server. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed when it is labelled JSON, else undefined. */
  readonly body: unknown;
  readonly requestId: string;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Absent: a request without body and without content type. */
  readonly body?: unknown;
  readonly label?: string;
}

/** The whole exchange, upload included. */
export const PATIENCE_MS = 30_000;

/** One server: plain JSON over HTTP, a request id for each request, refusals and broken lines as `DeviceError`. */
export class Http {
  constructor(
    readonly url: string,
    private readonly fetch: Fetch = (at, init) => globalThis.fetch(at, init),
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  /** Any answer that arrives whole, whatever its status. */
  async ask(path: string, { method = 'GET', headers, body, label }: Ask = {}): Promise<Answer> {
    const requestId = `desk_${randomHex(32)}`;
    try {
      const response = await this.fetch(this.url + path, {
        method,
        redirect: 'manual',
        signal: AbortSignal.timeout(this.patienceMs),
        headers: {
          'insomnia-request-id': requestId,
          'x-origin': this.url,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return {
        status: response.status,
        headers: response.headers,
        body: await bodyOf(response),
        requestId: response.headers.get('x-request-id') ?? requestId,
      };
    } catch (error) {
      throw networkError(error, requestId, label);
    }
  }

  /** Only the beginning of an answer has a time limit; the rest comes until the signal ends it. */
  async open(
    path: string,
    init: { headers: Record<string, string>; signal: AbortSignal },
  ): Promise<Response> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new DOMException('', 'TimeoutError')), this.patienceMs);
    try {
      const signal = AbortSignal.any([init.signal, late.signal]);
      return await this.fetch(this.url + path, { redirect: 'manual', headers: init.headers, signal });
    } catch (error) {
      throw networkError(error, '');
    } finally {
      clearTimeout(timer);
    }
  }
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').includes('application/json');
  return isJson ? (JSON.parse(text) as unknown) : undefined;
}
