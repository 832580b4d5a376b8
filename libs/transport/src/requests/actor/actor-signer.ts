import { randomUUID } from 'node:crypto';
import type { ActorContext } from '@tidemark/contracts';
import { bindingOf, LIFETIME_S, TokenSeal } from './actor-token.js';

/** Signs who asks, for one pattern and the bytes of one payload. */
export class ActorSigner {
  readonly #seal: TokenSeal;

  constructor(
    key: Uint8Array,
    private readonly now: () => number = Date.now,
  ) {
    this.#seal = new TokenSeal(key);
  }

  sign(actor: ActorContext, pattern: string, body: Uint8Array): string {
    const iat = Math.floor(this.now() / 1000);
    return this.#seal.seal({
      actor,
      ...bindingOf(pattern, body),
      iat,
      exp: iat + LIFETIME_S,
      jti: randomUUID(),
    });
  }
}
