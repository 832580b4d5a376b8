import { createHash } from 'node:crypto';

/** How long a signed context may travel. */
export const LIFETIME_S = 30;
/** How far the clocks of two machines may disagree. */
export const TOLERANCE_S = 5;

export const ALGORITHM = 'HS256';
export const TOKEN_TYPE = 'tidemark-actor+jwt';

const SHORTEST_KEY = 32;

/** What a token says besides who asks: for which pattern and for which bytes. It is worthless for any other. */
export interface Binding {
  readonly pattern: string;
  readonly digest: string;
}

export const bindingOf = (pattern: string, body: Uint8Array): Binding => ({
  pattern,
  digest: createHash('sha256').update(body).digest('base64url'),
});

export function checkedKey(key: Uint8Array): Uint8Array {
  if (key.length >= SHORTEST_KEY) return key;
  throw new Error(`The key for actor contexts has ${key.length} bytes; it needs ${SHORTEST_KEY} or more.`);
}
