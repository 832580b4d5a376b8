import { DomainError } from '@tidemark/contracts';
import { asDomainError } from '@tidemark/runtime';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { WIRE_TYPE } from '../codec/index.js';
import { LONGEST_WAIT_MS } from '../requests.js';
import { errorReply } from '../server/error-reply.js';
import type { RequestsServer } from '../server/requests-server.js';
import type { WireReply, WireRequest } from '../wire.js';
import { ACTOR_HEADER, MAX_BODY_BYTES, TIMEOUT_HEADER } from './headers.js';

export interface RequestsRouteOptions {
  readonly maxBodyBytes?: number;
}

type Incoming = FastifyRequest<{ Params: { pattern: string }; Body: Buffer }>;

/**
 * `POST /requests/:pattern` on the listener that the service has anyway. Bodies are raw bytes of a length that is known before
 * they are read: who does not fit is turned away unread.
 */
export async function serveRequests(
  fastify: FastifyInstance,
  server: RequestsServer,
  { maxBodyBytes = MAX_BODY_BYTES }: RequestsRouteOptions = {},
): Promise<void> {
  await fastify.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(WIRE_TYPE, { parseAs: 'buffer' }, (_request, body, parsed) =>
      parsed(null, body),
    );
    scope.setErrorHandler((error, request, reply) => {
      void sendReply(reply, errorReply(asDomainError(error), request.id));
    });
    closeWhileDraining(scope, server);
    const takePlace = placesBeforeBodies(scope, server);
    scope.post('/requests/:pattern', { bodyLimit: maxBodyBytes }, async (request: Incoming, reply) => {
      const answer = await server.receive(wireRequestOf(request), takePlace(request));
      return sendReply(reply, answer);
    });
    done();
  });
}

/** A connection to a process that goes away is of no more use; the next request finds another process. */
function closeWhileDraining(scope: FastifyInstance, server: RequestsServer): void {
  scope.addHook('onSend', (_request, reply, payload, next) => {
    if (server.isDraining) void reply.header('connection', 'close');
    next(null, payload);
  });
}

/** Each request has its place while its body arrives. The handler takes it over; if none does, it is given back. */
function placesBeforeBodies(
  scope: FastifyInstance,
  server: RequestsServer,
): (request: FastifyRequest) => (() => void) | undefined {
  const places = new WeakMap<FastifyRequest, () => void>();
  const take = (request: FastifyRequest) => {
    const place = places.get(request);
    places.delete(request);
    return place;
  };
  scope.addHook('onRequest', (request, reply, next) => {
    places.set(request, server.enter(lengthOf(request)));
    reply.raw.once('close', () => take(request)?.());
    next();
  });
  return take;
}

const sendReply = (reply: FastifyReply, { status, body, retryAfter }: WireReply): FastifyReply => {
  if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter));
  const type = status === 200 ? WIRE_TYPE : 'application/json; charset=utf-8';
  return reply.status(status).header('content-type', type).send(body);
};

function wireRequestOf(request: Incoming): WireRequest {
  return {
    pattern: request.params.pattern,
    body: request.body,
    timeoutMs: timeoutOf(request),
    actor: headerOf(request, ACTOR_HEADER),
    requestId: request.id,
  };
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

function timeoutOf(request: FastifyRequest): number {
  const text = headerOf(request, TIMEOUT_HEADER);
  if (text === undefined) return LONGEST_WAIT_MS;
  if (!/^\d{1,7}$/.test(text))
    throw new DomainError('BAD_REQUEST', `The header ${TIMEOUT_HEADER} must be milliseconds.`);
  return Number(text);
}

/** Without a length nobody knows whether there is room, so a body must not be chunked. */
function lengthOf(request: FastifyRequest): number {
  const length = Number(headerOf(request, 'content-length') ?? Number.NaN);
  if (Number.isSafeInteger(length) && length >= 0) return length;
  throw new DomainError('BAD_REQUEST', 'The header Content-Length is missing.');
}
