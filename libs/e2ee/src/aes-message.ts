import { type Bytes, concat, fromHex, randomBytes, textOf, toHex, utf8 } from './bytes.js';
import { E2eeError } from './errors.js';
import { subtle } from './subtle.js';
import { rawKey, type SymmetricKey } from './symmetric-key.js';

/** AES-256-GCM as the app writes it: all lower-case hex, no additional data. */
export interface AesMessage {
  readonly iv: string;
  readonly t: string;
  readonly ad: '';
  readonly d: string;
}

/** 64 hexadecimal digits, as the derived key has, or a JWK. */
export type AesKey = string | SymmetricKey;

const members = {
  iv: /^[0-9a-f]{24}$/,
  t: /^[0-9a-f]{32}$/,
  ad: /^$/,
  d: /^(?:[0-9a-f]{2})+$/,
};

/** Exactly what the app writes and nothing else (obligation O19): a shorter tag would be no proof of anything. */
export function isAesMessage(value: unknown): value is AesMessage {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 4) return false;
  const fields = value as Record<string, unknown>;
  return Object.entries(members).every(([name, rule]) => {
    const field = fields[name];
    return typeof field === 'string' && rule.test(field);
  });
}

export function parseAesMessage(text: string): AesMessage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new E2eeError('malformed', 'not an AES message: not JSON', { cause });
  }
  if (!isAesMessage(value)) throw new E2eeError('malformed', 'not an AES message: iv, t, ad and d in hex');
  return value;
}

/** In the order in which the server expects the members; blobs are written over several lines. */
export const aesMessageText = ({ iv, t, ad, d }: AesMessage, indent?: number): string =>
  JSON.stringify({ iv, t, ad, d }, undefined, indent);

const keyFor = (key: AesKey, use: 'encrypt' | 'decrypt') =>
  subtle().importKey('raw', typeof key === 'string' ? fromHex(key) : rawKey(key), 'AES-GCM', false, [use]);

export async function encryptBytes(key: AesKey, bytes: Bytes): Promise<AesMessage> {
  const iv = randomBytes(12);
  const sealed = await subtle().encrypt({ name: 'AES-GCM', iv }, await keyFor(key, 'encrypt'), bytes);
  const whole = new Uint8Array(sealed);
  return { iv: toHex(iv), t: toHex(whole.subarray(-16)), ad: '', d: toHex(whole.subarray(0, -16)) };
}

export async function decryptBytes(key: AesKey, message: AesMessage): Promise<Bytes> {
  if (!isAesMessage(message)) throw new E2eeError('malformed', 'not an AES message');
  const aes = await keyFor(key, 'decrypt');
  const sealed = concat(fromHex(message.d), fromHex(message.t));
  try {
    return new Uint8Array(await subtle().decrypt({ name: 'AES-GCM', iv: fromHex(message.iv) }, aes, sealed));
  } catch (cause) {
    throw new E2eeError('undecryptable', 'The key does not open this message.', { cause });
  }
}

/** Text goes in percent-encoded; blobs do not. */
export const encryptText = (key: AesKey, text: string): Promise<AesMessage> =>
  encryptBytes(key, utf8(encodeURIComponent(text)));

export async function decryptText(key: AesKey, message: AesMessage): Promise<string> {
  const encoded = textOf(await decryptBytes(key, message));
  try {
    return decodeURIComponent(encoded);
  } catch (cause) {
    throw new E2eeError('malformed', 'The message opens, but holds no text.', { cause });
  }
}
