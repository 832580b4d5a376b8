import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify';
import { asDomainError, refused } from '../errors/as-domain-error.js';
import type { Logger } from '../logging/logger.js';
import { requestIdFrom, requestIdOf, withRequestId } from '../request-context/request-context.js';
import { Admission, refuse } from './admission.js';
import { readJsonBodies } from './json-body.js';
import { KnownRoutes } from './known-routes.js';
import type { Tls } from './tls.js';
import { answerConnect, answerUnreadable } from './unreadable-requests.js';

export interface HttpLimits {
  /** How long a request may take to arrive. */
  readonly arrivalMs: number;
  /** How long a handler may take; the caller then hears that the outcome is not confirmed. */
  readonly answerMs: number;
  readonly bodyBytes: number;
  /** How long requests in flight may go on when the process is to end. */
  readonly drainMs: number;
}

export const ordinaryLimits: HttpLimits = {
  arrivalMs: 30_000,
  answerMs: 25_000,
  bodyBytes: 1024 * 1024,
  drainMs: 20_000,
};

export interface Listening {
  readonly tls?: Tls | undefined;
  /** Whose word is taken for the address and the protocol of a request. */
  readonly trustedProxies?: readonly string[] | undefined;
}

/** Told of each answer, for the access log and the metrics. */
export type Answered = (request: FastifyRequest, reply: FastifyReply) => void;

/** Nest's Fastify, with every refusal in the form of the error contract and a shutdown that answers what is in flight. */
export class ServiceAdapter extends FastifyAdapter {
  readonly routes = new KnownRoutes();
  private readonly admission: Admission;
  private leaving = false;

  constructor(
    private readonly limits: HttpLimits,
    private readonly log: Logger,
    answered: Answered,
    { tls, trustedProxies }: Listening = {},
  ) {
    const admission = new Admission();
    const options: FastifyServerOptions<Server> = {
      serverFactory: (handler) => serverFor(admission.admitting(handler), limits, tls),
      ...(trustedProxies && { trustProxy: [...trustedProxies] }),
      // The framework's own reply while closing has another form; `admission` refuses before the framework sees anything.
      return503OnClosing: false,
      forceCloseConnections: true,
      bodyLimit: limits.bodyBytes,
      handlerTimeout: limits.answerMs,
      genReqId: (request) => requestIdFrom(request),
      clientErrorHandler: (error, socket) => answerUnreadable(admission)(error, socket),
      frameworkErrors: (error, request, reply) =>
        refuse(reply.raw, asDomainError(error), requestIdOf(request), request.url),
    };
    super(options);
    this.admission = admission;
    this.prepare(answered);
  }

  /**
   * From now on each answer is the last on its connection. A kept connection stays with this process whatever balancers
   * have noticed; its next request finds another one.
   */
  leave(): void {
    this.leaving = true;
  }

  /** Nest calls this after consumers and streams have stopped and before pools close. */
  override async close(): Promise<void> {
    this.admission.close();
    const finished = await this.admission.emptied(this.limits.drainMs);
    if (!finished)
      this.log.warn({ drainMs: this.limits.drainMs }, 'requests were still in flight and are cut off');
    await super.close();
  }

  private prepare(answered: Answered): void {
    const fastify = this.getInstance();
    this.routes.watch(fastify);
    readJsonBodies(fastify);
    fastify.addHook('onRequest', (request, reply, done) => {
      void reply.header('x-request-id', requestIdOf(request));
      if (this.leaving) void reply.header('connection', 'close');
      done();
    });
    // What reads a body continues where the connection was accepted, which belongs to no request.
    fastify.addHook('preValidation', (request, _reply, done) => withRequestId(requestIdOf(request), done));
    fastify.addHook('onResponse', (request, reply, done) => {
      answered(request, reply);
      done();
    });
  }
}

function serverFor(handler: RequestListener, limits: HttpLimits, tls: Tls | undefined): Server {
  const options = {
    requestTimeout: limits.arrivalMs,
    headersTimeout: limits.arrivalMs,
    connectionsCheckingInterval: Math.min(5_000, limits.arrivalMs),
    // Longer than a balancer's, so that it is never the balancer that meets a closed connection.
    keepAliveTimeout: 75_000,
    // Node answers a missing Host with an empty 400; `admission` does so in the form of the contract.
    requireHostHeader: false,
  };
  const server = tls ? createTlsServer({ ...options, ...tls }, handler) : createServer(options, handler);
  server.on('connect', (_request, socket: Socket) => answerConnect(socket));
  server.on('checkExpectation', (request, response) =>
    refuse(response, refused('BAD_REQUEST'), requestIdFrom(request), request.url),
  );
  return server;
}
