import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { DomainError } from '@tidemark/contracts';
import { refused } from '../errors/as-domain-error.js';
import { refusalOf, written } from '../errors/refusal.js';
import { requestIdFrom, withRequestId } from '../request-context/request-context.js';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const LONGEST_URL = 8 * 1024;

/** Stands before the framework: knows what is in flight, and refuses in the words of the contract what it must not see. */
export class Admission {
  private readonly inFlight = new Set<ServerResponse>();
  private readonly answering = new WeakMap<Socket, ServerResponse>();
  private closed = false;
  private whenEmpty: (() => void) | undefined;

  /** New requests are refused from now on; those that came before are answered. */
  close(): void {
    this.closed = true;
  }

  /** True when all are answered, false when the time is over. */
  async emptied(deadlineMs: number): Promise<boolean> {
    if (this.inFlight.size === 0) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.whenEmpty = () => resolve(true);
    const timer = setTimeout(() => resolve(false), deadlineMs);
    return promise.finally(() => clearTimeout(timer));
  }

  /** Whether part of an answer has left on this connection, so that nothing else may be written to it. */
  halfAnswered(socket: Socket): boolean {
    const response = this.answering.get(socket);
    return response !== undefined && response.headersSent && !response.writableFinished;
  }

  admitting(handler: Handler): Handler {
    return (request, response) => {
      const requestId = requestIdFrom(request);
      this.answering.set(request.socket, response);
      const objection = this.objectionTo(request);
      if (objection) refuse(response, objection, requestId, request.url);
      else withRequestId(requestId, () => this.pass(handler, request, response));
    };
  }

  private pass(handler: Handler, request: IncomingMessage, response: ServerResponse): void {
    this.inFlight.add(response);
    response.once('close', () => {
      this.inFlight.delete(response);
      if (this.inFlight.size === 0) this.whenEmpty?.();
    });
    handler(request, response);
  }

  private objectionTo({ url = '', headers, httpVersion }: IncomingMessage): DomainError | undefined {
    if (this.closed && !url.startsWith('/health/')) return refused('UNAVAILABLE');
    if (url.length > LONGEST_URL) return refused('URI_TOO_LONG');
    if (headers.host === undefined && httpVersion === '1.1')
      return new DomainError('BAD_REQUEST', 'The header Host is missing.');
    const encoding = headers['content-encoding'] ?? 'identity';
    return encoding.toLowerCase() === 'identity' ? undefined : refused('UNSUPPORTED_MEDIA_TYPE');
  }
}

export function refuse(response: ServerResponse, error: DomainError, requestId: string, url = ''): void {
  const refusal = refusalOf(error);
  const { headers, body } = written(refusal, requestId, url);
  response.writeHead(refusal.status, headers).end(body);
}
