import { DomainError } from '@tidemark/contracts';
import type { FastifyRequest } from 'fastify';

/**
 * The named members of a body, for a message whose class checks them. What a caller of this route has no say in is never
 * taken over from the body.
 */
export function picked(body: unknown, ...members: readonly string[]): Record<string, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new DomainError('INVALID_INPUT', 'The body must be a JSON object.');
  const unknown = Object.keys(body).find((member) => !members.includes(member));
  if (unknown !== undefined)
    throw new DomainError('INVALID_INPUT', 'The body has a member that is not known here.', [
      { field: /^\w{1,60}$/.test(unknown) ? unknown : 'body', rule: 'whitelistValidation' },
    ]);
  const given = body as Record<string, unknown>;
  return Object.fromEntries(
    members.filter((member) => given[member] !== undefined).map((member) => [member, given[member]]),
  );
}

/** What else a sign-in is judged and shown by. */
export const senderOf = (request: FastifyRequest) => ({
  address: request.ip.slice(0, 100),
  userAgent: browserOf(request),
});

export const addressOf = ({ ip }: FastifyRequest) => ({ address: ip.slice(0, 100) });

const browserOf = ({ headers }: FastifyRequest): string =>
  (headers['user-agent'] ?? '').replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 200);
