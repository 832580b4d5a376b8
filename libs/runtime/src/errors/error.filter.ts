import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { DomainError } from '@tidemark/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { throwError, type Observable } from 'rxjs';
import { messageOf } from '../errors-of.js';
import type { KnownRoutes } from '../http/known-routes.js';
import type { Logger } from '../logging/logger.js';
import { requestIdOf } from '../request-context/request-context.js';
import { asDomainError, refused } from './as-domain-error.js';
import { bodyOf, refusalOf, type Refusal } from './refusal.js';

/** Turns whatever is thrown into the error contract: a reply over HTTP, a DomainError for a message. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(
    private readonly routes: KnownRoutes,
    private readonly logger: Logger,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): Observable<never> | void {
    const error = asDomainError(thrown);
    this.log(error, thrown);
    if (host.getType() !== 'http') return throwError(() => error);
    const http = host.switchToHttp();
    this.reply(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  private reply(error: DomainError, request: FastifyRequest, reply: FastifyReply): void {
    if (reply.sent || reply.raw.headersSent) {
      // Half an answer has left already; only a broken connection still says that it is none.
      reply.raw.destroy();
      return;
    }
    const refusal = this.refusalFor(error, request);
    void reply
      .status(refusal.status)
      .headers({ ...refusal.headers, 'x-request-id': requestIdOf(request) })
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(bodyOf(refusal, requestIdOf(request), request.url)));
  }

  private refusalFor(error: DomainError, request: FastifyRequest): Refusal {
    const allowed = request.is404 ? this.routes.methodsAt(request.url) : [];
    if (allowed.length > 0)
      return refusalOf(refused('METHOD_NOT_ALLOWED'), { headers: { allow: allowed.join(', ') } });
    // Whoever sends too much is not read to the end.
    return refusalOf(error, error.code === 'TOO_LARGE' ? { headers: { connection: 'close' } } : {});
  }

  private log(error: DomainError, thrown: unknown): void {
    const fields = {
      code: error.code,
      cause: error.cause === undefined ? undefined : messageOf(error.cause),
    };
    if (error.code === 'INTERNAL' || error.code === 'INTEGRITY')
      this.logger.error({ ...fields, err: thrown }, 'request failed');
    else if (error.code === 'UNAVAILABLE' || error.code === 'TIMEOUT')
      this.logger.warn(fields, 'request refused');
    else this.logger.debug(fields, 'request refused');
  }
}
