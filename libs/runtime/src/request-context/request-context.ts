import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';

interface RequestContext {
  readonly requestId: string;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** Everything that `work` starts, and each line that it logs, belongs to this request. */
export const withRequestId = <T>(requestId: string, work: () => T): T => storage.run({ requestId }, work);

/** The id of the request that is being worked on; undefined outside of one. */
export const currentRequestId = (): string | undefined => storage.getStore()?.requestId;

export const newRequestId = (): string => randomUUID();

/** The id that the whole system knows this request by. */
export const requestIdOf = (request: FastifyRequest): string => request.id;

const SANE = /^[A-Za-z0-9_.:-]{1,100}$/;
const known = new WeakMap<IncomingMessage, string>();

/** The caller's own id where it is one that can go into logs and headers, else a new one. */
export function requestIdFrom(message: IncomingMessage): string {
  const id = known.get(message) ?? callersId(message.headers) ?? newRequestId();
  known.set(message, id);
  return id;
}

const callersId = (headers: IncomingHttpHeaders): string | undefined =>
  [headers['x-request-id'], headers['insomnia-request-id']].find(
    (id): id is string => typeof id === 'string' && SANE.test(id),
  );
