import { type Bytes, fromBase64Url, randomBytes, toBase64Url } from './bytes.js';
import { E2eeError } from './errors.js';

/** An AES-256 key as the app writes it: of an account, or of a file. */
export interface SymmetricKey {
  readonly alg: 'A256GCM';
  readonly ext: true;
  readonly k: string;
  readonly key_ops: readonly ['encrypt', 'decrypt'];
  readonly kty: 'oct';
}

export const newSymmetricKey = (): SymmetricKey => symmetricKey(randomBytes(32));

export const symmetricKey = (raw: Bytes): SymmetricKey => ({
  alg: 'A256GCM',
  ext: true,
  k: toBase64Url(raw),
  key_ops: ['encrypt', 'decrypt'],
  kty: 'oct',
});

export function rawKey({ k }: SymmetricKey): Bytes {
  const raw = fromBase64Url(k);
  if (raw.length !== 32) throw new E2eeError('malformed', 'not a key of 32 bytes');
  return raw;
}

/**
 * These five members in this order, whatever else the object holds: percent-encoded they have 190 bytes, which is all
 * that an RSA key of 2048 bit can wrap.
 */
export const symmetricKeyText = (key: SymmetricKey): string => JSON.stringify(symmetricKey(rawKey(key)));

export function parseSymmetricKey(text: string): SymmetricKey {
  try {
    const { k } = JSON.parse(text) as { k?: unknown };
    if (typeof k === 'string') return symmetricKey(rawKey({ k } as SymmetricKey));
  } catch (cause) {
    throw new E2eeError('malformed', 'not a symmetric key', { cause });
  }
  throw new E2eeError('malformed', 'not a symmetric key');
}
