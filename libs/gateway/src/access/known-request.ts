import type { ActorContext, Authenticated } from '@tidemark/contracts';
import type { FastifyRequest } from 'fastify';

/** A request whose sender a guard has found out. */
export interface KnownRequest extends FastifyRequest {
  actor: ActorContext;
  /** Missing where the operator's token was shown. */
  session?: Authenticated;
  token?: string;
}

/** A request of a session. */
export interface SessionRequest extends KnownRequest {
  session: Authenticated;
  token: string;
}

/** `X-Insomnia-Client` as it may be kept and shown: what a device was last seen with. */
export function clientOf(request: FastifyRequest): string {
  const header = request.headers['x-insomnia-client'] ?? request.headers['user-agent'];
  return typeof header === 'string' ? header.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 100) : '';
}
