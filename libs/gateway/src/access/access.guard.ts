import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { OPERATOR_ACCOUNT, unauthorized, type ActorContext } from '@tidemark/contracts';
import { requestIdOf } from '@tidemark/runtime';
import type { FastifyRequest } from 'fastify';
import { OperatorToken } from './operator-token.js';

export interface KnownRequest extends FastifyRequest {
  actor: ActorContext;
}

/** Nobody passes without a token; whoever passes is an actor. It guards every route of the gateway's module. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(@Inject(OperatorToken) private readonly operator: OperatorToken) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<KnownRequest>();
    const token = /^Bearer (tm_[\w-]{43})$/.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined || !this.operator.matches(token)) throw unauthorized();
    request.actor = { account: OPERATOR_ACCOUNT, requestId: requestIdOf(request) };
    return true;
  }
}
