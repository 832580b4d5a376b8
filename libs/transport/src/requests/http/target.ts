import { codeOf } from '@tidemark/runtime';
import { notConfirmed } from '@tidemark/contracts';
import { Client } from 'undici';
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
  readonly #line: Line<Client>;

  constructor(url: string, { maxInFlight, maxWaiting, maxBodyBytes }: TargetLimits) {
    const options: Client.Options = {
      pipelining: 1,
      allowH2: false,
      maxResponseSize: maxBodyBytes,
      connect: { timeout: 5_000 },
      // Idle connections go after 4 s, however long the server would keep them: a server that leaves ends those that are
      // used with their next answer and waits for 5 s or more, so that it never closes one on which something is sent.
      keepAliveTimeout: 4_000,
      keepAliveMaxTimeout: 4_000,
      // The deadline of each request decides.
      headersTimeout: 0,
      bodyTimeout: 0,
    };
    // One client is one connection. Undici's own pool opens another while one that has just answered is being tidied up.
    this.#line = new Line(() => new Client(url, options), maxInFlight, maxWaiting);
  }

  /** Throws UNAVAILABLE from the line, ConnectError from before anything was sent, else TIMEOUT. */
  async ask(signed: () => WireRequest, deadline: Deadline): Promise<WireReply> {
    const { place: client, leave } = await this.#line.enter(deadline.remainingMs);
    try {
      return await within(deadline.remainingMs, (signal) => post(client, signed(), signal));
    } finally {
      leave();
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#line.made.map((client) => client.destroy()));
  }
}

async function post(client: Client, request: WireRequest, signal: AbortSignal): Promise<WireReply> {
  const { pattern, body, actor, requestId, timeoutMs } = request;
  try {
    const reply = await client.request({
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
