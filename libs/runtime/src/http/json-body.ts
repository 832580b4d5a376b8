import { DomainError } from '@tidemark/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isError } from '../errors-of.js';

const CHARSET = /;\s*charset\s*=\s*"?([^";\s]+)/i;

/**
 * The only body that ordinary routes read: JSON in UTF-8. Anything else is UNSUPPORTED_MEDIA_TYPE. Keys that would
 * reach into the prototype of an object are refused as if they were no JSON.
 */
export function readJsonBodies(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    const fail = (error: Error) => done(error, undefined);
    try {
      const text = utf8(request, bytes as Buffer);
      void parse(request, text, (error, value) => (error ? fail(invalid(error)) : done(null, value)));
    } catch (error) {
      fail(error instanceof DomainError ? error : invalid(error));
    }
  });
}

function utf8(request: FastifyRequest, bytes: Buffer): string {
  const charset = CHARSET.exec(request.headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  if (!/^utf-?8$/i.test(charset))
    throw new DomainError('UNSUPPORTED_MEDIA_TYPE', 'The body must be JSON in UTF-8.');
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

/** Says where, never what: the parser's own message quotes the body. */
function invalid(error: unknown): DomainError {
  const position = isError(error) ? /at position (\d+)/.exec(error.message)?.[1] : undefined;
  const where = position === undefined ? '' : ` (at character ${Number(position) + 1})`;
  return new DomainError('INVALID_JSON', `The body is not valid JSON${where}.`, [], { cause: error });
}
