import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { unauthorized } from '@tidemark/contracts';
import type { FastifyRequest } from 'fastify';
import type { KnownRequest } from './known-request.js';
import { letIn } from './let-in.js';
import { Sessions } from './sessions.js';

/** The desktop app's door: `X-Session-Id` and nothing else. A token in the address proves nothing: addresses get around. */
@Injectable()
export class AppSessionGuard implements CanActivate {
  constructor(@Inject(Sessions) private readonly sessions: Sessions) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<KnownRequest>();
    return letIn(this.sessions, request, appTokenOf(request));
  }
}

export function appTokenOf(request: FastifyRequest): string {
  const token = request.headers['x-session-id'];
  if (typeof token !== 'string' || !/^sess_[\w-]{43}$/.test(token)) throw unauthorized();
  return token;
}
