import type { SealedBlob } from '@tidemark/contracts';
import type { Place } from '../place.js';

/** What the client sealed, as bytes: `iv (12) ‖ tag (16) ‖ data`. */
export const bytesOf = ({ iv, tag, data }: SealedBlob): Uint8Array => Buffer.concat([iv, tag, data]);

export const blobOf = (id: string, bytes: Uint8Array): SealedBlob => ({
  id,
  iv: bytes.subarray(0, 12),
  tag: bytes.subarray(12, 28),
  data: bytes.subarray(28),
});

/** A record opens as this blob of this file of this organization, or not at all. */
export const slotOf = ({ org, incarnation }: Place, id: string): readonly string[] => [
  'blob',
  org,
  incarnation,
  id,
];
