import { createHash, timingSafeEqual } from 'node:crypto';

const sha256 = (text: string) => createHash('sha256').update(text).digest();

/** Knows the operator's token by its hash alone. */
export class OperatorToken {
  readonly #hash: Buffer;

  constructor(token: string) {
    this.#hash = sha256(token);
  }

  matches(token: string): boolean {
    return timingSafeEqual(this.#hash, sha256(token));
  }
}
