import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { OPERATOR_ACCOUNT, unauthorized } from '@tidemark/contracts';
import { requestIdOf } from '@tidemark/runtime';
import type { KnownRequest } from './known-request.js';
import { letIn } from './let-in.js';
import { OperatorToken } from './operator-token.js';
import { Sessions } from './sessions.js';

/** The native door: the operator's token, or the session of an account. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    @Inject(OperatorToken) private readonly operator: OperatorToken,
    @Inject(Sessions) private readonly sessions: Sessions,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<KnownRequest>();
    const token = /^Bearer (sess_[\w-]{43})$/.exec(request.headers.authorization ?? '')?.[1];
    if (token !== undefined) return letIn(this.sessions, request, token);
    if (!this.operator.isShownBy(request)) throw unauthorized();
    request.actor = { account: OPERATOR_ACCOUNT, requestId: requestIdOf(request) };
    return true;
  }
}
