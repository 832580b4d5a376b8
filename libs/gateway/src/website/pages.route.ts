import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { DomainError, notFound } from '@tidemark/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readPages, type PageFile } from './pages.js';
import { WEBSITE, type WebsiteParts } from './website-parts.js';

const PATHS = /^\/app(?:[/?]|$)/;

/** For every answer below /app, calls and refusals included. */
const always = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

/** `GET /app/…`: a file of the build, or the one page, which finds out by its address what it is to be. */
@Injectable()
export class PagesRoute implements OnModuleInit {
  #files: ReadonlyMap<string, PageFile> = new Map();

  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(WEBSITE) private readonly website: WebsiteParts | undefined,
  ) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onRequest', (request, reply, done) => {
      if (PATHS.test(request.url)) void reply.headers(always);
      done();
    });
    if (this.website === undefined) return;
    this.#files = readPages(this.website.folder);
    for (const url of ['/app', '/app/*']) fastify.get(url, (request, reply) => this.answer(request, reply));
  }

  private answer(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const path = request.url.split(/[?#]/, 1)[0]!.slice('/app/'.length);
    if (/^api(?:\/|$)/.test(path)) throw notFound();
    const file = this.#files.get(path);
    if (file && path !== 'index.html') return send(request, reply, file, path);
    if (path.startsWith('assets/')) throw notFound();
    return this.page(request, reply);
  }

  private page(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const page = this.#files.get('index.html');
    if (!page)
      throw new DomainError('NOT_FOUND', 'The pages are not part of this installation: they were not built.');
    void reply.header('content-security-policy', this.policy());
    return send(request, reply, page, 'index.html');
  }

  private policy(): string {
    const api = new URL(this.website!.apiUrl()).origin;
    return [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "font-src 'self'",
      `connect-src 'self' ${api}`,
      "img-src 'self' data:",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ].join('; ');
  }
}

/** What lies under assets has the hash of its content in its name. */
function send(request: FastifyRequest, reply: FastifyReply, file: PageFile, path: string): FastifyReply {
  const lasting = path.startsWith('assets/');
  void reply.headers({
    'cache-control': lasting ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: file.etag,
  });
  if (request.headers['if-none-match'] === file.etag) return reply.status(304).send();
  return reply.type(file.type).send(file.bytes);
}
