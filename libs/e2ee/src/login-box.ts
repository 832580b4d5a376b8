import { x25519 } from '@noble/curves/ed25519.js';
import { fromBase64, randomBytes, textOf, toBase64, utf8 } from './bytes.js';
import { E2eeError } from './errors.js';
import { openBox, sealBox } from './sealed-box.js';

/** What the website hands to the app at the end of a login. */
export interface Login {
  readonly token: string;
  /** The derived key. */
  readonly key: string;
}

/** Standard base64. */
export interface LoginKeys {
  readonly publicKey: string;
  readonly secretKey: string;
}

export function newLoginKeys(): LoginKeys {
  const secretKey = randomBytes(32);
  return { publicKey: toBase64(x25519.getPublicKey(secretKey)), secretKey: toBase64(secretKey) };
}

/**
 * The `loginKey` parameter, decoded once by whoever read the query. The older app encodes it twice, so it is decoded
 * once more; base64 has no percent sign, so for the newer one that changes nothing.
 */
export function parseLoginKey(parameter: string): string {
  try {
    const key = decodeURIComponent(parameter);
    if (fromBase64(key).length === 32) return key;
  } catch (cause) {
    throw new E2eeError('malformed', 'not a login key of the app', { cause });
  }
  throw new E2eeError('malformed', 'not a login key of the app');
}

/** The text that a person may paste into the app. */
export const sealLogin = ({ token, key }: Login, loginKey: string): string =>
  toBase64(sealBox(utf8(JSON.stringify({ token, key })), fromBase64(loginKey)));

export const finishLoginLink = (sealed: string): string =>
  `insomnia://app/auth/finish?box=${encodeURIComponent(sealed)}`;

/** As the app does it: trimmed, percent-encoded or not. */
export function openLogin(sealed: string, keys: LoginKeys): Login {
  const box = fromBase64(decodeURIComponent(sealed.trim()));
  const plain = openBox(box, {
    publicKey: fromBase64(keys.publicKey),
    secretKey: fromBase64(keys.secretKey),
  });
  const { token, key } = JSON.parse(textOf(plain)) as Partial<Login>;
  if (!token || !key) throw new E2eeError('malformed', 'a box without token and key');
  return { token, key };
}
