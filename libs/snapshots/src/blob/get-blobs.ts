import { crc32c, packDamaged, type BlobStore } from '@tidemark/blob-store';
import { DomainError, fileAbsent, type SealedBlob } from '@tidemark/contracts';
import type { Database } from '@tidemark/runtime';
import type { Settling } from '../acceptance/settling.js';
import type { DataKeys } from '../envelope/data-keys.js';
import { opened } from '../envelope/envelope.js';
import type { Place } from '../place.js';
import { claimedEntries, type BlobEntry } from './blob-index.js';
import { blobOf, slotOf } from './sealed-blob.js';

interface Parts {
  readonly db: Database;
  readonly blobs: BlobStore;
  readonly keys: DataKeys;
  readonly replyBytes: number;
}

const PACKS_AT_ONCE = 8;

/** All of them, checked bit by bit, or an error. One statement, and one read per pack that holds any of them. */
export async function getBlobs(
  { db, blobs, keys, replyBytes }: Parts,
  place: Place,
  ids: readonly string[],
  settling: Settling,
): Promise<SealedBlob[]> {
  const wanted = [...new Set(ids)];
  const find = () => db.tx({ tenant: place.org }, (tx) => claimedEntries(tx, place, wanted));
  let entries = await find();
  if (entries.length < wanted.length && (await settling.ofBlobs(missing(wanted, entries))))
    entries = await find();
  if (entries.length < wanted.length) throw fileAbsent();
  const bytes = entries.reduce((sum, { length }) => sum + length, 0);
  if (bytes > replyBytes && wanted.length > 1) throw tooMuch(bytes, replyBytes);
  const records = await readAll(blobs, entries);
  const got: SealedBlob[] = [];
  for (const [entry, record] of records) {
    const key = await keys.versioned(place, entry.keyVersion);
    got.push(blobOf(entry.id, opened(key, slotOf(place, entry.id), record)));
  }
  return got;
}

function missing(ids: readonly string[], entries: readonly BlobEntry[]): string[] {
  const there = new Set(entries.map(({ id }) => id));
  return ids.filter((id) => !there.has(id));
}

async function readAll(blobs: BlobStore, entries: readonly BlobEntry[]): Promise<[BlobEntry, Uint8Array][]> {
  const packs = [...Map.groupBy(entries, ({ pack }) => pack)];
  const read: [BlobEntry, Uint8Array][] = [];
  const worker = async () => {
    for (let next = packs.pop(); next; next = packs.pop()) read.push(...(await readPack(blobs, ...next)));
  };
  await Promise.all(Array.from({ length: PACKS_AT_ONCE }, worker));
  return read;
}

async function readPack(
  blobs: BlobStore,
  pack: string,
  entries: readonly BlobEntry[],
): Promise<[BlobEntry, Uint8Array][]> {
  const ranges = entries.map(({ start, length }) => ({ offset: start, length }));
  const parts = await blobs.read(pack, ranges);
  return entries.map((entry, i) => {
    if (crc32c(parts[i]!) !== entry.crc32c) throw packDamaged();
    return [entry, parts[i]!];
  });
}

const tooMuch = (bytes: number, most: number) =>
  new DomainError(
    'TOO_LARGE',
    `These documents have ${bytes} bytes together; ${most} is the limit. Ask for fewer at a time.`,
  );
