import type { Tx } from '@tidemark/runtime';
import { bytesOfId, type Place } from '../place.js';

/** Where a blob lies. */
export interface BlobEntry {
  readonly id: string;
  readonly pack: string;
  readonly start: number;
  readonly length: number;
  readonly crc32c: number;
  readonly keyVersion: number;
}

/** Owner of a blob that an accepted snapshot names: nobody can replace it any more. */
const CLAIMED = '';

const present = async (tx: Tx, { org, incarnation }: Place, owners: string[], ids: readonly string[]) => {
  const rows = await tx.query<{ id: string }>(
    PRESENT,
    [org, incarnation, owners, ids.map(bytesOfId)],
    'blobs.present',
  );
  return new Set(rows.map(({ id }) => id));
};

/** Those of the ids that are claimed, or uploaded by the account. */
export const presentFor = (tx: Tx, place: Place, account: string, ids: readonly string[]) =>
  present(tx, place, [CLAIMED, account], ids);

export const claimedAmong = (tx: Tx, place: Place, ids: readonly string[]) =>
  present(tx, place, [CLAIMED], ids);

/** As the account's own uploads; its earlier ones of the same ids are replaced. */
export async function index(
  tx: Tx,
  { org, incarnation }: Place,
  account: string,
  entries: readonly BlobEntry[],
): Promise<void> {
  await tx.query(
    INDEX,
    [
      org,
      incarnation,
      account,
      entries.map(({ id }) => bytesOfId(id)),
      entries.map(({ pack }) => pack),
      entries.map(({ start }) => start),
      entries.map(({ length }) => length),
      entries.map(({ crc32c }) => crc32c),
      entries.map(({ keyVersion }) => keyVersion),
    ],
    'blobs.index',
  );
}

export const claimedEntries = (tx: Tx, { org, incarnation }: Place, ids: readonly string[]) =>
  tx.query<BlobEntry>(CLAIMED_ENTRIES, [org, incarnation, ids.map(bytesOfId)], 'blobs.entries');

/**
 * Here and below one look into the index for each id, whatever the planner believes of a table that has no statistics yet;
 * ids come as bytes, because what is not leakproof cannot be looked up under row security.
 */
const PRESENT = `
  select distinct encode(asked.id, 'hex') as id
  from unnest($4::bytea[]) as asked (id)
  join lateral (
    select from blobs b where b.org = $1 and b.incarnation = $2 and b.id = asked.id and b.owner = any($3::text[]) offset 0
  ) b on true`;

const INDEX = `
  insert into blobs (org, incarnation, id, owner, pack, start, length, crc32c, key_version)
  select $1, $2, id, $3, pack, start, length, crc32c, key_version
  from unnest($4::bytea[], $5::text[], $6::bigint[], $7::int[], $8::bigint[], $9::int[])
    as e (id, pack, start, length, crc32c, key_version)
  order by id
  on conflict (org, incarnation, id, owner) do update set pack = excluded.pack, start = excluded.start,
    length = excluded.length, crc32c = excluded.crc32c, key_version = excluded.key_version, created_at = now()`;

const CLAIMED_ENTRIES = `
  select encode(asked.id, 'hex') as id, b.pack, b.start, b.length, b.crc32c, b.key_version as "keyVersion"
  from unnest($3::bytea[]) as asked (id)
  join lateral (
    select b.* from blobs b where b.org = $1 and b.incarnation = $2 and b.id = asked.id and b.owner = '' offset 0
  ) b on true`;
