import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { packDamaged } from '@tidemark/blob-store';

/**
 * The second envelope: `version (1) ‖ key version (4) ‖ nonce (12) ‖ tag (16) ‖ ciphertext`, AES-256-GCM. What is sealed for
 * one slot opens in no other, so that nothing can be swapped unnoticed.
 */
export const OVERHEAD = 33;

const FORMAT = 1;

/** A key and the number by which records name it. */
export interface DataKey {
  readonly version: number;
  readonly key: Uint8Array;
}

export function sealed({ version, key }: DataKey, slot: readonly string[], plain: Uint8Array): Buffer {
  const record = Buffer.allocUnsafe(OVERHEAD + plain.length);
  record.writeUInt8(FORMAT, 0);
  record.writeUInt32BE(version, 1);
  const nonce = randomBytes(12);
  record.set(nonce, 5);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(slotBytes(slot, version));
  record.set(cipher.update(plain), OVERHEAD);
  cipher.final();
  record.set(cipher.getAuthTag(), 17);
  return record;
}

/** INTEGRITY unless it is, bit for bit, what was sealed for this slot under this key. */
export function opened({ version, key }: DataKey, slot: readonly string[], record: Uint8Array): Buffer {
  const bytes = Buffer.from(record.buffer, record.byteOffset, record.byteLength);
  const known = bytes.length >= OVERHEAD && bytes[0] === FORMAT && bytes.readUInt32BE(1) === version;
  if (!known) throw packDamaged();
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(5, 17), { authTagLength: 16 })
      .setAAD(slotBytes(slot, version))
      .setAuthTag(bytes.subarray(17, OVERHEAD));
    return Buffer.concat([decipher.update(bytes.subarray(OVERHEAD)), decipher.final()]);
  } catch (error) {
    throw packDamaged(error);
  }
}

/** Each part with its length, so that no two slots have the same bytes. */
function slotBytes(slot: readonly string[], version: number): Buffer {
  const parts = [...slot, String(version)].map((part) => Buffer.from(part));
  return Buffer.concat(parts.flatMap((part) => [lengthOf(part), part]));
}

function lengthOf(part: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(part.length);
  return length;
}
