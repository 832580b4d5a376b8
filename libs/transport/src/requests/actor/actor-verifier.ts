import { createSecretKey, type KeyObject } from 'node:crypto';
import { type ActorContext, unauthorized, unavailable } from '@tidemark/contracts';
import { jwtVerify, type JWTPayload } from 'jose';
import { ALGORITHM, bindingOf, checkedKey, LIFETIME_S, TOKEN_TYPE, TOLERANCE_S } from './actor-token.js';
import { ReplayMemory } from './replay-memory.js';

export interface ActorVerifierOptions {
  readonly now?: () => number;
  readonly memory?: Pick<ReplayMemory, 'admit'>;
}

const REMEMBER_MS = (LIFETIME_S + 2 * TOLERANCE_S) * 1000;
const MOST_REMEMBERED = 1_000_000;

/** Reads who asks, and accepts each token once. */
export class ActorVerifier {
  readonly #key: KeyObject;
  readonly #now: () => number;
  readonly #memory: Pick<ReplayMemory, 'admit'>;

  constructor(key: Uint8Array, options: ActorVerifierOptions = {}) {
    this.#key = createSecretKey(checkedKey(key));
    this.#now = options.now ?? Date.now;
    this.#memory = options.memory ?? new ReplayMemory(REMEMBER_MS, MOST_REMEMBERED);
  }

  /** UNAUTHORIZED for a token that is missing, forged, expired, for another pattern or payload, or used before. */
  async verify(token: string | undefined, pattern: string, body: Uint8Array): Promise<ActorContext> {
    if (token === undefined) throw refused('missing');
    const claims = await this.#claims(token);
    const expected = bindingOf(pattern, body);
    if (claims['pattern'] !== expected.pattern) throw refused('for another pattern');
    if (claims['digest'] !== expected.digest) throw refused('for another payload');
    const actor = actorFrom(claims['actor']);
    this.#firstUse(claims.jti);
    return actor;
  }

  async #claims(token: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: [ALGORITHM],
        typ: TOKEN_TYPE,
        requiredClaims: ['exp', 'jti'],
        maxTokenAge: LIFETIME_S,
        clockTolerance: TOLERANCE_S,
        currentDate: new Date(this.#now()),
      });
      return payload;
    } catch (error) {
      throw refused(error instanceof Error ? error.message : 'not readable');
    }
  }

  #firstUse(id: string | undefined): void {
    const use = this.#memory.admit(id ?? '');
    if (use === 'seen') throw refused('used before');
    if (use === 'full') throw unavailable('Too many requests are under way.');
  }
}

/** The reason is for the log of this side; the other side reads the fixed words. */
function refused(reason: string): Error {
  const error = unauthorized();
  error.cause = `The actor context is ${reason}.`;
  return error;
}

function actorFrom(claim: unknown): ActorContext {
  const actor = claim as Partial<ActorContext> | null | undefined;
  if (typeof actor?.account !== 'string' || typeof actor.requestId !== 'string') throw refused('without account');
  return actor as ActorContext;
}
