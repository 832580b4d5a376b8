import { createSecretKey, randomUUID, type KeyObject } from 'node:crypto';
import type { ActorContext } from '@tidemark/contracts';
import { SignJWT } from 'jose';
import { ALGORITHM, bindingOf, checkedKey, LIFETIME_S, TOKEN_TYPE } from './actor-token.js';

/** Signs who asks, for one pattern and the bytes of one payload. */
export class ActorSigner {
  readonly #key: KeyObject;

  constructor(
    key: Uint8Array,
    private readonly now: () => number = Date.now,
  ) {
    this.#key = createSecretKey(checkedKey(key));
  }

  sign(actor: ActorContext, pattern: string, body: Uint8Array): Promise<string> {
    const issued = Math.floor(this.now() / 1000);
    return new SignJWT({ actor: { ...actor }, ...bindingOf(pattern, body) })
      .setProtectedHeader({ alg: ALGORITHM, typ: TOKEN_TYPE })
      .setIssuedAt(issued)
      .setExpirationTime(issued + LIFETIME_S)
      .setJti(randomUUID())
      .sign(this.#key);
  }
}
