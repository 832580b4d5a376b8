import { type ActorContext, unavailable } from '@tidemark/contracts';
import { ActorRefused } from './actor-refused.js';
import { bindingOf, type Claims, LIFETIME_S, TOLERANCE_S, TokenSeal } from './actor-token.js';
import { ReplayMemory } from './replay-memory.js';

export interface ActorVerifierOptions {
  readonly now?: () => number;
  readonly memory?: Pick<ReplayMemory, 'admit'>;
}

const REMEMBER_MS = (LIFETIME_S + 2 * TOLERANCE_S) * 1000;
const MOST_REMEMBERED = 1_000_000;

/** Reads who asks, and accepts each token once. */
export class ActorVerifier {
  readonly #seal: TokenSeal;
  readonly #now: () => number;
  readonly #memory: Pick<ReplayMemory, 'admit'>;

  constructor(key: Uint8Array, options: ActorVerifierOptions = {}) {
    this.#seal = new TokenSeal(key);
    this.#now = options.now ?? Date.now;
    this.#memory = options.memory ?? new ReplayMemory(REMEMBER_MS, MOST_REMEMBERED);
  }

  /** Throws ActorRefused for a token that is missing, forged, expired, for another pattern or payload, or used before. */
  verify(token: string | undefined, pattern: string, body: Uint8Array): ActorContext {
    if (token === undefined) throw refused('missing');
    const claims = whole(this.#seal.open(token));
    this.#checkTime(claims);
    const expected = bindingOf(pattern, body);
    if (claims.pattern !== expected.pattern) throw refused('for another pattern');
    if (claims.digest !== expected.digest) throw refused('for another payload');
    this.#firstUse(claims.jti);
    return claims.actor;
  }

  /** Its own expiry counts, and the lifetime too: no token lives longer than it is remembered. */
  #checkTime({ iat, exp }: Claims): void {
    const now = this.#now() / 1000;
    if (iat > now + TOLERANCE_S) throw refused('from the future');
    if (now > Math.min(exp, iat + LIFETIME_S) + TOLERANCE_S) throw refused('expired');
  }

  #firstUse(id: string): void {
    const use = this.#memory.admit(id);
    if (use === 'seen') throw refused('used before');
    if (use === 'full') throw unavailable('Too many requests are under way.');
  }
}

const refused = (reason: string): ActorRefused => new ActorRefused(`The actor context is ${reason}.`);

/** What came with a good signature may still be of another release, or of a sender with a mistake. */
function whole(claims: Partial<Record<keyof Claims, unknown>> | undefined): Claims {
  if (!claims) throw refused('forged');
  const { actor, iat, exp, jti } = claims;
  if (!Number.isSafeInteger(iat) || !Number.isSafeInteger(exp)) throw refused('without time');
  if (typeof jti !== 'string' || !/^[\w-]{1,64}$/.test(jti)) throw refused('without id');
  const { account, requestId } = (actor ?? {}) as Partial<ActorContext>;
  if (typeof account !== 'string' || typeof requestId !== 'string') throw refused('without account');
  return claims as unknown as Claims;
}
