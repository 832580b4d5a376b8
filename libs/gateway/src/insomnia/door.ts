import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LOG_IN_AGAIN, LOG_IN_HEADER } from './log-in-again.js';

/** The paths of the desktop app. No cookie opens any of them, so every origin may read what they answer. */
const PATHS = /^\/(?:auth\/|v1\/|v3\/|graphql(?:[/?]|$)|notification(?:[/?]|$))/;
const LOG_OUT = /^\/auth\/logout(?:[/?]|$)/;

/** Answers for one person alone: no cache on the way may keep them. */
const PRIVATE = /^\/(?:auth\/|v1\/|v3\/|graphql(?:[/?]|$)|api\/|app\/api(?:[/?]|$))/;

const cors = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE, OPTIONS',
  'access-control-allow-headers':
    'Content-Type, X-Session-Id, X-Insomnia-Client, insomnia-request-id, X-Origin, X-Insomnia-Org-Id, Accept',
  'access-control-expose-headers': `${LOG_IN_HEADER}, x-request-id`,
  'access-control-max-age': '86400',
};

/** What holds for every answer of the app's door, refusals included. */
@Injectable()
export class InsomniaDoor implements OnModuleInit {
  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onRequest', (request, reply, done) => {
      if (PRIVATE.test(request.url)) void reply.header('cache-control', 'no-store');
      if (!PATHS.test(request.url)) return done();
      void reply.headers(cors);
      if (request.method !== 'OPTIONS') return done();
      void reply.status(204).send();
    });
    fastify.addHook('onSend', (request, reply, payload, done) => {
      if (reply.statusCode === 401 && PATHS.test(request.url)) endSession(request, reply);
      done(null, payload);
    });
  }
}

/** The app takes no other notice of a session's end. At its log-out the header would make it log out again, without end. */
function endSession(request: FastifyRequest, reply: FastifyReply): void {
  if (!LOG_OUT.test(request.url)) void reply.header(LOG_IN_HEADER, LOG_IN_AGAIN);
}
