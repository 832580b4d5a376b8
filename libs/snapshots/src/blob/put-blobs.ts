import { randomBytes } from 'node:crypto';
import { crc32c, type BlobStore } from '@tidemark/blob-store';
import type { SealedBlob } from '@tidemark/contracts';
import type { Database } from '@tidemark/runtime';
import { failpoint } from '@tidemark/runtime/failpoint';
import type { DataKeys } from '../envelope/data-keys.js';
import { sealed, type DataKey } from '../envelope/envelope.js';
import type { Place } from '../place.js';
import { claimedAmong, index, type BlobEntry } from './blob-index.js';
import { bytesOf, slotOf } from './sealed-blob.js';

interface Parts {
  readonly db: Database;
  readonly blobs: BlobStore;
  readonly keys: DataKeys;
}

/**
 * One pack, then one transaction that says where each lies. What dies in between leaves a pack that nothing names.
 * Two statements and one write to the blob store, however many blobs.
 */
export async function putBlobs(
  { db, blobs, keys }: Parts,
  place: Place,
  account: string,
  uploads: readonly SealedBlob[],
): Promise<void> {
  const byId = new Map(uploads.map((blob) => [blob.id, blob]));
  const scope = { tenant: place.org };
  const claimed = await db.tx(scope, (tx) => claimedAmong(tx, place, [...byId.keys()]));
  const fresh = [...byId.values()].filter(({ id }) => !claimed.has(id));
  if (fresh.length === 0) return;
  const { name, bytes, entries } = packed(place, await keys.current(place), fresh);
  failpoint('put-blobs.before-pack');
  await blobs.put(name, bytes);
  failpoint('put-blobs.after-pack-before-commit');
  await db.tx(scope, (tx) => index(tx, place, account, entries));
  failpoint('put-blobs.after-commit-before-reply');
}

/** Random from its first letter on, so that no part of a bucket gets all the writes. */
function packName(): string {
  const name = randomBytes(16).toString('hex');
  return `${name.slice(0, 2)}/${name.slice(2)}`;
}

function packed(place: Place, key: DataKey, uploads: readonly SealedBlob[]) {
  const pack = packName();
  const records = uploads.map((blob) => sealed(key, slotOf(place, blob.id), bytesOf(blob)));
  let start = 0;
  const entries = records.map((record, i): BlobEntry => {
    const entry = {
      id: uploads[i]!.id,
      pack,
      start,
      length: record.length,
      crc32c: crc32c(record),
      keyVersion: key.version,
    };
    start += record.length;
    return entry;
  });
  return { name: pack, bytes: Buffer.concat(records), entries };
}
