/**
 * Makes the branch's row or finds it, and holds it: pushes to one branch take turns here, also the first two of a new one. The
 * file's row is held against archiving only, so pushes to its other branches go on.
 */
export const CLAIM = `
  with live as (
    select org, incarnation, file, project from files
    where org = $1 and incarnation = $2 and archived_at is null for key share
  ), claimed as (
    insert into branches (org, incarnation, name, created, modified, head, length, status)
    select org, incarnation, $3, $4::timestamptz, $4::timestamptz, '', 0, 'absent' from live
    on conflict (org, incarnation, name) do update set status = branches.status
    returning length
  )
  select live.file, live.project, claimed.length from live, claimed`;

/** In the order of the ids, so that pushes to two branches cannot wait for each other crosswise. */
export const ACCEPT = `
  insert into file_snapshots (org, incarnation, snapshot, record_hash, pushed_by, client, at)
  select $1, $2, id, hash, $5, $6, $7::timestamptz
  from (select id, hash from unnest($3::bytea[], $4::bytea[]) as r (id, hash) order by id) as r
  on conflict (org, incarnation, snapshot) do nothing
  returning encode(snapshot, 'hex') as id`;

/**
 * One look into an index for each id, whatever the planner knows of young tables: `offset 0` keeps the inner queries from
 * becoming joins, which it would do over the whole list. The places come as numbers, because row security lets no sum
 * near an index.
 */
export const KNOWN = `
  select encode(asked.id, 'hex') as id, encode(s.record_hash, 'hex') as hash, s.pushed_by as "pushedBy",
    b.n is not null as last
  from unnest($4::bytea[], $5::integer[]) with ordinality as asked (id, n, place)
  left join lateral (
    select record_hash, pushed_by from file_snapshots
    where org = $1 and incarnation = $2 and snapshot = asked.id offset 0
  ) s on true
  left join lateral (
    select n from branch_snapshots
    where org = $1 and incarnation = $2 and branch = $3 and n = asked.n and snapshot = asked.id offset 0
  ) b on true
  order by asked.place`;

export const ACCEPTED = `
  select encode(s.snapshot, 'hex') as id, encode(s.record_hash, 'hex') as hash, s.pushed_by as "pushedBy"
  from files f
  left join unnest($3::bytea[]) with ordinality as asked (id, place) on true
  left join lateral (
    select snapshot, record_hash, pushed_by from file_snapshots
    where org = $1 and incarnation = $2 and snapshot = asked.id offset 0
  ) s on true
  where f.org = $1 and f.incarnation = $2 and f.archived_at is null
  order by asked.place`;

export const LIST = `
  with listed as (
    insert into branch_snapshots (org, incarnation, branch, n, snapshot)
    select $1, $2, $3, $5::integer - cardinality($4::bytea[]) + place, id
    from unnest($4::bytea[]) with ordinality as t (id, place)
  ), named as (
    update files set name = $8 where org = $1 and incarnation = $2 and $8::text is not null
  )
  update branches set head = $6, length = $5, status = 'open', modified = $7::timestamptz,
    created = case status when 'open' then created else $7::timestamptz end
  where org = $1 and incarnation = $2 and name = $3`;

export const HOLD_FILE = `
  select file, project from files where org = $1 and incarnation = $2 and archived_at is null for key share`;

export const HOLD_BRANCH = `
  select 1 from branches where org = $1 and incarnation = $2 and name = $3 for update`;

export const REMOVE = `
  with listed as (
    delete from branch_snapshots where org = $1 and incarnation = $2 and branch = $3
  )
  update branches set head = '', length = 0, status = 'removed', modified = $4::timestamptz
  where org = $1 and incarnation = $2 and name = $3`;
