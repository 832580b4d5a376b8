import { fromBase64Url } from './bytes.js';
import { E2eeError } from './errors.js';
import { subtle } from './subtle.js';

/** In the order in which the app's own key texts have their members. */
export interface PublicKey {
  readonly alg: 'RSA-OAEP-256';
  readonly e: string;
  readonly ext: true;
  readonly key_ops: readonly ['encrypt'];
  readonly kty: 'RSA';
  readonly n: string;
}

export interface PrivateKey {
  readonly alg: 'RSA-OAEP-256';
  readonly d: string;
  readonly dp: string;
  readonly dq: string;
  readonly e: string;
  readonly ext: true;
  readonly key_ops: readonly ['decrypt'];
  readonly kty: 'RSA';
  readonly n: string;
  readonly p: string;
  readonly q: string;
  readonly qi: string;
}

const algorithm = { name: 'RSA-OAEP', hash: 'SHA-256' };

export async function newKeyPair(): Promise<{ publicKey: PublicKey; privateKey: PrivateKey }> {
  const size = { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
  const pair = await subtle().generateKey({ ...algorithm, ...size }, true, ['encrypt', 'decrypt']);
  const jwk = await subtle().exportKey('jwk', pair.privateKey);
  const { d, dp, dq, e, n, p, q, qi } = jwk as Record<Exclude<keyof PrivateKey, 'ext' | 'key_ops'>, string>;
  return {
    publicKey: publicKeyOf({ e, n }),
    privateKey: {
      alg: 'RSA-OAEP-256',
      d,
      dp,
      dq,
      e,
      ext: true,
      key_ops: ['decrypt'],
      kty: 'RSA',
      n,
      p,
      q,
      qi,
    },
  };
}

const publicKeyOf = ({ e, n }: { e: string; n: string }): PublicKey => ({
  alg: 'RSA-OAEP-256',
  e,
  ext: true,
  key_ops: ['encrypt'],
  kty: 'RSA',
  n,
});

export const publicKeyText = (key: PublicKey): string => JSON.stringify(publicKeyOf(key));

/** Other clients refuse a key that does not say what it is for; so do we, before anything is wrapped with it. */
export function parsePublicKey(text: string): PublicKey {
  const jwk = parsed(text);
  const usable = jwk['kty'] === 'RSA' && jwk['alg'] === 'RSA-OAEP-256' && includes(jwk['key_ops'], 'encrypt');
  const { e, n } = jwk;
  if (!usable || typeof e !== 'string' || typeof n !== 'string')
    throw new E2eeError('malformed', 'not an RSA-OAEP-256 public key');
  const key = publicKeyOf({ e, n });
  if (modulusBytes(key) < 256) throw new E2eeError('malformed', 'an RSA key of less than 2048 bit');
  return key;
}

export function parsePrivateKey(text: string): PrivateKey {
  const jwk = parsed(text);
  const texts = ['d', 'dp', 'dq', 'e', 'n', 'p', 'q', 'qi'];
  const whole = jwk['kty'] === 'RSA' && texts.every((member) => typeof jwk[member] === 'string');
  if (!whole) throw new E2eeError('malformed', 'not an RSA private key with all its members');
  return jwk as unknown as PrivateKey;
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (cause) {
    throw new E2eeError('malformed', 'not a JSON web key', { cause });
  }
  throw new E2eeError('malformed', 'not a JSON web key');
}

const includes = (list: unknown, item: string): boolean => Array.isArray(list) && list.includes(item);

export const modulusBytes = ({ n }: { n: string }): number => fromBase64Url(n).length;

export const encryptionKey = (key: PublicKey) =>
  subtle().importKey('jwk', { ...publicKeyOf(key), key_ops: ['encrypt'] }, algorithm, false, ['encrypt']);

export const decryptionKey = (key: PrivateKey) =>
  subtle().importKey('jwk', { ...key, key_ops: ['decrypt'] }, algorithm, false, ['decrypt']);
