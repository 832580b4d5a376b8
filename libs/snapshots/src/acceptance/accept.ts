import type { Tx } from '@tidemark/runtime';
import { failpoint } from '@tidemark/runtime/failpoint';
import { bytesOfId } from '../place.js';

/** A record that a branch has, and the account whose push brought it there. */
export interface Acceptance {
  readonly incarnation: string;
  readonly id: string;
  readonly hash: string;
  readonly pushedBy: string;
}

/**
 * Makes records final, and with each the blobs that it brought: those that the pusher has uploaded and nobody has claimed
 * before. One statement; doing it again changes nothing. The first record accepted under an id stays.
 */
export async function accept(tx: Tx, org: string, accepted: readonly Acceptance[]): Promise<void> {
  await tx.query(
    ACCEPT,
    [
      org,
      accepted.map(({ incarnation }) => incarnation),
      accepted.map(({ id }) => bytesOfId(id)),
      accepted.map(({ hash }) => bytesOfId(hash)),
      accepted.map(({ pushedBy }) => pushedBy),
    ],
    'snapshots.accept',
  );
  failpoint('accept.before-commit');
}

/** The lists stand beside the join so that the rows are looked up and not searched for. */
const ACCEPT = `
  with named as (
    select distinct on (incarnation, id) incarnation, id, hash, account
    from unnest($2::text[], $3::bytea[], $4::bytea[], $5::text[]) as n (incarnation, id, hash, account)
    order by incarnation, id
  ), final as (
    update snapshots s set accepted_at = now() from named n
    where s.org = $1 and s.incarnation = any($2::text[]) and s.id = any($3::bytea[]) and s.hash = any($4::bytea[])
      and s.incarnation = n.incarnation and s.id = n.id and s.hash = n.hash and s.accepted_at is null
      and not exists (
        select from snapshots o
        where o.org = $1 and o.incarnation = any($2::text[]) and o.id = any($3::bytea[]) and o.accepted_at is not null
          and o.incarnation = n.incarnation and o.id = n.id)
    returning s.incarnation, s.fresh, n.account
  ), brought as (
    select distinct incarnation, account, substring(fresh from 20 * i + 1 for 20) as id
    from final, generate_series(0, length(fresh) / 20 - 1) as i
  ), uploaded as (
    select b.*
    from brought n
    join lateral (
      select b.ctid as place, b.* from blobs b
      where b.org = $1 and b.incarnation = n.incarnation and b.id = n.id and b.owner = n.account offset 0
    ) b on true
  ), claimed as (
    insert into blobs (org, incarnation, id, owner, pack, start, length, crc32c, key_version, created_at)
    select org, incarnation, id, '', pack, start, length, crc32c, key_version, created_at
    from uploaded order by incarnation, id
    on conflict (org, incarnation, id, owner) do nothing
  )
  delete from blobs where ctid = any(array(select place from uploaded))`;
