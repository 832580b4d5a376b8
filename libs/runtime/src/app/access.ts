import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Answered } from '../http/service-adapter.js';
import type { Logger } from '../logging/logger.js';
import type { Metrics } from '../metrics/metrics.js';

const QUIET = /^\/(health|metrics)/;

/** One line and one measurement per answer. The line has the path but never the query, where tokens travel. */
export const accessRecorder =
  (logger: Logger, metrics: Metrics): Answered =>
  (request: FastifyRequest, reply: FastifyReply) => {
    const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none');
    const path = request.url.split('?', 1)[0];
    const fields = {
      method: request.method,
      path,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      requestId: request.id,
    };
    logger[QUIET.test(route) ? 'debug' : 'info'](fields, 'answered');
    metrics.http.observe(
      { method: request.method, route, status: reply.statusCode },
      reply.elapsedTime / 1000,
    );
  };
