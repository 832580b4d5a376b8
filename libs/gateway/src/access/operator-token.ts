import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';

const sha256 = (text: string) => createHash('sha256').update(text).digest();

/** Knows the operator's token by its hash alone. */
export class OperatorToken {
  readonly #hash: Buffer;

  constructor(token: string) {
    this.#hash = sha256(token);
  }

  isShownBy({ headers }: FastifyRequest): boolean {
    const token = /^Bearer (tm_[\w-]{43})$/.exec(headers.authorization ?? '')?.[1];
    return token !== undefined && this.matches(token);
  }

  private matches(token: string): boolean {
    return timingSafeEqual(this.#hash, sha256(token));
  }
}
