import { DomainError } from '@tidemark/contracts';
import type { FastifyInstance } from 'fastify';

/** JSON in UTF-8 up to this many bytes, for one scope. Anything else is UNSUPPORTED_MEDIA_TYPE. */
export function readBigJson(scope: FastifyInstance, bodyLimit: number): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit },
    (_request, bytes, done) => {
      try {
        done(null, parsed(bytes as Buffer));
      } catch (error) {
        done(error as Error, undefined);
      }
    },
  );
}

/** A variable named `__proto__` is a member like any other here: nothing of this is ever copied into another object. */
function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new DomainError('INVALID_JSON', 'The body is not valid JSON.', [], { cause });
  }
}
