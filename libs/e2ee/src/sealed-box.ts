import { hsalsa, xsalsa20poly1305 } from '@noble/ciphers/salsa.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { blake2b } from '@noble/hashes/blake2.js';
import { type Bytes, concat, randomBytes } from './bytes.js';
import { E2eeError } from './errors.js';

// libsodium's crypto_box_seal.

const sigma = new Uint32Array(new TextEncoder().encode('expand 32-byte k').buffer);

const words = (bytes: Uint8Array): Uint32Array => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i, true));
};

function boxKey(theirs: Uint8Array, own: Uint8Array): Uint8Array {
  const out = new Uint32Array(8);
  hsalsa(sigma, words(x25519.getSharedSecret(own, theirs)), new Uint32Array(4), out);
  return new Uint8Array(out.buffer);
}

/** BLAKE2b made for 24 bytes, which is not the first 24 of the longer one. */
export const boxNonce = (ephemeral: Uint8Array, receiver: Uint8Array): Uint8Array =>
  blake2b(concat(ephemeral, receiver), { dkLen: 24 });

export function sealBox(plain: Uint8Array, receiver: Uint8Array, ephemeralSecret = randomBytes(32)): Bytes {
  const ephemeral = x25519.getPublicKey(ephemeralSecret);
  const cipher = xsalsa20poly1305(boxKey(receiver, ephemeralSecret), boxNonce(ephemeral, receiver));
  return concat(ephemeral, cipher.encrypt(plain));
}

export function openBox(box: Uint8Array, keys: { publicKey: Uint8Array; secretKey: Uint8Array }): Bytes {
  if (box.length < 48) throw new E2eeError('malformed', 'too short for a sealed box');
  const ephemeral = box.subarray(0, 32);
  try {
    const cipher = xsalsa20poly1305(boxKey(ephemeral, keys.secretKey), boxNonce(ephemeral, keys.publicKey));
    return concat(cipher.decrypt(box.subarray(32)));
  } catch (cause) {
    throw new E2eeError('undecryptable', 'The box was sealed for somebody else.', { cause });
  }
}
