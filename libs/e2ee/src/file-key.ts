import { type Bytes, fromHex, textOf, toHex, utf8 } from './bytes.js';
import { E2eeError } from './errors.js';
import {
  decryptionKey,
  encryptionKey,
  modulusBytes,
  parsePublicKey,
  type PrivateKey,
  type PublicKey,
} from './rsa-key.js';
import { subtle } from './subtle.js';
import { parseSymmetricKey, type SymmetricKey, symmetricKeyText } from './symmetric-key.js';

/** How many hexadecimal digits a key wrapped for this member has: two per byte of the modulus, always. */
export const wrappedKeyDigits = (publicKey: PublicKey): number => 2 * modulusBytes(publicKey);

/** The file's key for one member, whose public key comes as the JSON text that the server keeps. */
export async function wrapFileKey(fileKey: SymmetricKey, publicKey: string | PublicKey): Promise<string> {
  const member = parsePublicKey(typeof publicKey === 'string' ? publicKey : JSON.stringify(publicKey));
  const text = utf8(encodeURIComponent(symmetricKeyText(fileKey)));
  return toHex(
    new Uint8Array(await subtle().encrypt({ name: 'RSA-OAEP' }, await encryptionKey(member), text)),
  );
}

export async function unwrapFileKey(wrapped: string, privateKey: PrivateKey): Promise<SymmetricKey> {
  const bytes = fromHex(wrapped);
  if (bytes.length !== modulusBytes(privateKey))
    throw new E2eeError('malformed', 'not a key wrapped for this member');
  return parseSymmetricKey(decodeURIComponent(textOf(await unwrapped(bytes, privateKey))));
}

async function unwrapped(bytes: Bytes, privateKey: PrivateKey): Promise<Uint8Array> {
  const key = await decryptionKey(privateKey);
  try {
    return new Uint8Array(await subtle().decrypt({ name: 'RSA-OAEP' }, key, bytes));
  } catch (cause) {
    throw new E2eeError('undecryptable', 'This key was wrapped for another account.', { cause });
  }
}

/** For another member: nothing but opened with one key and closed with the other. */
export const rewrapFileKey = async (
  wrapped: string,
  privateKey: PrivateKey,
  publicKey: string | PublicKey,
): Promise<string> => wrapFileKey(await unwrapFileKey(wrapped, privateKey), publicKey);
