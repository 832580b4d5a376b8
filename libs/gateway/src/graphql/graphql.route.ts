import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { DomainError } from '@tidemark/contracts';
import { asDomainError, bodyOf, LOGGER, refusalOf, requestIdOf, type Logger } from '@tidemark/runtime';
import { REQUESTS, type Requests } from '@tidemark/transport';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { appTokenOf } from '../access/app-session.guard.js';
import { Grants } from '../access/grants.js';
import { clientOf, type SessionRequest } from '../access/known-request.js';
import { letIn } from '../access/let-in.js';
import { Sessions } from '../access/sessions.js';
import { LOG_IN_AGAIN, LOG_IN_HEADER } from '../insomnia/log-in-again.js';
import { refused } from './answer.js';
import { Call } from './call.js';
import { Documents } from './documents.js';
import { execute, questionOf } from './execute.js';
import { readBigJson } from './big-json.js';

const MOST_BYTES = 64 * 1024 * 1024;

/**
 * `POST /graphql`, in a scope of its own on the framework's server: nothing else takes bodies of this size, and its refusals
 * have two forms at once.
 */
@Injectable()
export class GraphqlRoute implements OnModuleInit {
  readonly #documents = new Documents();

  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(REQUESTS) private readonly requests: Requests,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(Grants) private readonly grants: Grants,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Not awaited: the framework would take the server for complete before it has set its own error handler. */
  onModuleInit(): void {
    void this.host.httpAdapter.getInstance<FastifyInstance>().register((scope, _options, done) => {
      readBigJson(scope, MOST_BYTES);
      scope.setErrorHandler((error, request, reply) => this.refuse(asDomainError(error), request, reply));
      // Before the body: strangers are not read.
      scope.addHook('onRequest', (request, reply) => this.admit(request, reply));
      scope.post('/graphql', { bodyLimit: MOST_BYTES }, (request, reply) => this.answer(request, reply));
      done();
    });
  }

  private async admit(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | void> {
    try {
      await letIn(this.sessions, request as SessionRequest, appTokenOf(request));
    } catch (error) {
      const refusal = asDomainError(error);
      if (refusal.code !== 'UNAUTHORIZED') throw error;
      return send(reply.header(LOG_IN_HEADER, LOG_IN_AGAIN), refused(refusal, requestIdOf(request)));
    }
  }

  private async answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { actor, session } = request as SessionRequest;
    const call = new Call(this.requests, this.grants, actor, session, clientOf(request));
    const answer = await execute(this.#documents, questionOf(request.body), call, this.logger);
    if (answer.errors?.some(({ extensions }) => extensions.code === 'UNAUTHORIZED'))
      void reply.header(LOG_IN_HEADER, LOG_IN_AGAIN);
    return send(reply, answer);
  }

  private refuse(error: DomainError, request: FastifyRequest, reply: FastifyReply): void {
    const worded = error.code === 'TOO_LARGE' ? tooLarge(error) : error;
    const refusal = refusalOf(worded, error.code === 'TOO_LARGE' ? { headers: { connection: 'close' } } : {});
    if (refusal.status === 500) this.logger.error({ err: error }, 'request failed');
    const body = bodyOf(refusal, requestIdOf(request), request.url);
    void send(reply.status(refusal.status).headers(refusal.headers), body);
  }
}

const tooLarge = (cause: Error) =>
  new DomainError('TOO_LARGE', 'The request is larger than 64 MiB.', [], { cause });

const send = (reply: FastifyReply, body: object): FastifyReply =>
  reply.type('application/json; charset=utf-8').send(JSON.stringify(body));
