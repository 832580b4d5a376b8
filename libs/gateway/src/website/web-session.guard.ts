import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { unauthorized } from '@tidemark/contracts';
import type { KnownRequest } from '../access/known-request.js';
import { letIn } from '../access/let-in.js';
import { Sessions } from '../access/sessions.js';
import { sessionCookie } from './cookies.js';

@Injectable()
export class WebSessionGuard implements CanActivate {
  constructor(@Inject(Sessions) private readonly sessions: Sessions) {}

  canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<KnownRequest>();
    const token = sessionCookie(request);
    if (token === undefined) throw unauthorized();
    return letIn(this.sessions, request, token);
  }
}
