import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** What `snapshots` has checked and keeps ready, for `branches` to accept. */
export interface StageClaims {
  readonly org: string;
  readonly incarnation: string;
  /** Who staged; nobody else may append with it. */
  readonly account: string;
  /** Oldest first. `hash` is the SHA-256 of the record. */
  readonly records: readonly { readonly id: string; readonly hash: string }[];
  /** The name of the root document in the last snapshot, where it has one. */
  readonly title?: string;
  /** Seconds since 1970. */
  readonly exp: number;
}

/** How long a token may be used. */
export const STAGE_TOKEN_LIFETIME_S = 3_600;

/**
 * What `snapshots.stage` says to `branches.append` through a caller that can neither make nor change it:
 * `base64url(claims).base64url(HMAC-SHA-256)`. Both services hold the key of actor contexts; this one is derived from it.
 */
export class StageTokens {
  readonly #key: Uint8Array;

  constructor(
    actorKey: Uint8Array,
    private readonly now: () => number = Date.now,
  ) {
    this.#key = Buffer.from(hkdfSync('sha256', actorKey, '', 'tidemark stage token', 32));
  }

  seal(claims: Omit<StageClaims, 'exp'> & Partial<Pick<StageClaims, 'exp'>>): string {
    const exp = claims.exp ?? Math.floor(this.now() / 1000) + STAGE_TOKEN_LIFETIME_S;
    const text = Buffer.from(JSON.stringify({ ...claims, exp })).toString('base64url');
    return `${text}.${this.#mac(text)}`;
  }

  /** What it says, when it was sealed with this key and its hour is not over. */
  open(token: string): StageClaims | undefined {
    const [text, mac, ...more] = token.split('.');
    if (text === undefined || mac === undefined || more.length > 0) return undefined;
    const [given, expected] = [Buffer.from(mac), Buffer.from(this.#mac(text))];
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    const claims = JSON.parse(Buffer.from(text, 'base64url').toString()) as StageClaims;
    return claims.exp * 1000 > this.now() ? claims : undefined;
  }

  #mac(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64url');
  }
}
