import { isIP } from 'node:net';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { DomainError } from '@tidemark/contracts';
import type { FastifyRequest } from 'fastify';
import { WEBSITE, type WebsiteParts } from './website-parts.js';

/**
 * A browser sends its cookies along whoever makes it ask. What changes something must therefore come from one of our own
 * pages, which the header `Origin` says; no page can forge that one.
 */
@Injectable()
export class OwnOriginGuard implements CanActivate {
  constructor(@Inject(WEBSITE) private readonly website: WebsiteParts | undefined) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (!this.isOwnHost(request.hostname)) throw misdirected();
    if (request.method === 'GET' || request.method === 'HEAD') return true;
    const { origin } = request.headers;
    if (origin !== undefined && this.ownOrigins(request).includes(origin)) return true;
    throw new DomainError(
      'FORBIDDEN',
      'The header Origin must name the address of this installation: the call does not come from one of its pages.',
    );
  }

  /**
   * A stranger's page reaches an installation behind a firewall by letting its own name point there. That takes a name: an
   * address in figures cannot be pointed elsewhere.
   */
  private isOwnHost(hostname: string): boolean {
    const bare = hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
    if (isIP(bare) !== 0 || /^(?:.+\.)?localhost$/.test(bare)) return true;
    return this.named().some((url) => url.hostname === bare);
  }

  private ownOrigins({ protocol, host }: FastifyRequest): string[] {
    return [`${protocol}://${host}`, ...this.named().map((url) => url.origin)];
  }

  private named(): URL[] {
    return this.website ? [this.website.websiteUrl(), this.website.apiUrl()].map((url) => new URL(url)) : [];
  }
}

const misdirected = () =>
  new DomainError(
    'MISDIRECTED',
    'This installation does not go by the name in the header Host. Open it at its own address, or set TIDEMARK_WEBSITE_URL to this one.',
  );
