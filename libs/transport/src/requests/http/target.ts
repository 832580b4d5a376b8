import { codeOf } from '@tidemark/runtime';
import { notConfirmed } from '@tidemark/contracts';
import { Pool } from 'undici';
import { WIRE_TYPE } from '../codec/index.js';
import { type Deadline, within } from '../deadline.js';
import type { WireReply, WireRequest } from '../wire.js';
import { ACTOR_HEADER, REQUEST_ID_HEADER, TIMEOUT_HEADER } from './headers.js';
import { Line } from './line.js';

export interface TargetLimits {
  /** Connections to one service, and so requests under way at once. */
  readonly maxInFlight: number;
  /** Requests that wait for a connection; more are UNAVAILABLE at once. */
  readonly maxWaiting: number;
  readonly maxBodyBytes: number;
}

/** One service that can be asked: its connections and the line before them. */
export class Target {
  readonly #pool: Pool;
  readonly #line: Line;

  constructor(url: string, limits: TargetLimits) {
    this.#line = new Line(limits.maxInFlight, limits.maxWaiting);
    this.#pool = new Pool(url, {
      connections: limits.maxInFlight,
      pipelining: 1,
      allowH2: false,
      maxResponseSize: limits.maxBodyBytes,
      connect: { timeout: 5_000 },
      // Idle connections go after 4 s, or 2 s before the server says it will close them, so that it is never the first.
      keepAliveTimeout: 4_000,
      keepAliveMaxTimeout: 60_000,
      // The deadline of each request decides.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /** Waits for a place, then asks. Throws UNAVAILABLE from the line, ConnectError from before anything was sent, else TIMEOUT. */
  async ask(signed: () => WireRequest, deadline: Deadline): Promise<WireReply> {
    const leave = await this.#line.enter(deadline.remainingMs);
    try {
      const request = signed();
      return await within(deadline.remainingMs, (signal) => this.#post(request, signal));
    } finally {
      leave();
    }
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }

  async #post(
    { pattern, body, actor, requestId, timeoutMs }: WireRequest,
    signal: AbortSignal,
  ): Promise<WireReply> {
    try {
      const reply = await this.#pool.request({
        method: 'POST',
        path: `/requests/${encodeURIComponent(pattern)}`,
        headers: {
          'content-type': WIRE_TYPE,
          [TIMEOUT_HEADER]: String(timeoutMs),
          ...(actor !== undefined && { [ACTOR_HEADER]: actor }),
          ...(requestId !== undefined && { [REQUEST_ID_HEADER]: requestId }),
        },
        body,
        signal,
      });
      const bytes = await reply.body.bytes();
      if (reply.statusCode === 200 && reply.headers['content-type'] !== WIRE_TYPE)
        throw new Error('not our reply');
      return { status: reply.statusCode, body: bytes };
    } catch (error) {
      throw neverConnected(error) ? new ConnectError(error) : notConfirmed(error);
    }
  }
}

/** There was no connection, so nothing was sent and asking again cannot do anything twice. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';

  constructor(cause: unknown) {
    super('No connection could be made.', { cause });
  }
}

const CONNECT_CODES = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT'];

const neverConnected = (error: unknown): boolean =>
  CONNECT_CODES.includes(codeOf(error)) || (error as { syscall?: unknown } | null)?.syscall === 'connect';
