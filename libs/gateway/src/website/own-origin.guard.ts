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
    if (request.method === 'GET' || request.method === 'HEAD') return true;
    const { origin } = request.headers;
    if (origin !== undefined && this.ownOrigins(request).includes(origin)) return true;
    throw new DomainError(
      'FORBIDDEN',
      'The header Origin must name the address of this installation: the call does not come from one of its pages.',
    );
  }

  private ownOrigins({ protocol, host }: FastifyRequest): string[] {
    const named = this.website ? [this.website.websiteUrl(), this.website.apiUrl()] : [];
    return [`${protocol}://${host}`, ...named.map((url) => new URL(url).origin)];
  }
}
