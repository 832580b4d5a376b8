import { packDamaged } from '@tidemark/blob-store';
import { DomainError } from '@tidemark/contracts';
import type { Tx } from '@tidemark/runtime';
import { bytesOfId, type Place } from '../place.js';
import { hashOf, headFrom, type StoredRecord } from './record.js';
import type { State } from './state.js';
import { restored } from './stored-state.js';

interface Row {
  readonly id: string;
  readonly hash: string;
  readonly parent: string;
  readonly base: string | null;
  readonly depth: number;
  readonly entries: number;
  readonly head: Buffer;
  readonly body: Buffer;
  readonly wanted: boolean;
}

/** A record and how far its state is from one that is written out. */
export type AcceptedRecord = StoredRecord & { readonly depth: number };

/** What one reply may hold. */
const MOST_ENTRIES = 2_000_000;

/**
 * The accepted records among these ids, with their states: one statement, whatever their number and wherever the states are
 * written out. Rows of the chains are small; states are made one after the other and kept only where they are wanted.
 */
export async function acceptedRecords(
  tx: Tx,
  { org, incarnation }: Place,
  ids: readonly string[],
): Promise<Map<string, AcceptedRecord>> {
  const rows = await tx.query<Row>(CHAINS, [org, incarnation, ids.map(bytesOfId)], 'snapshots.chains');
  const entries = rows.reduce((sum, row) => sum + (row.wanted ? row.entries : 0), 0);
  if (entries > MOST_ENTRIES) throw tooMuch(entries);
  return restoredRecords(rows);
}

async function restoredRecords(rows: readonly Row[]): Promise<Map<string, AcceptedRecord>> {
  const children = Map.groupBy(rows, ({ parent, base }) => (base === null ? '' : `${parent}${base}`));
  const found = new Map<string, AcceptedRecord>();
  const open: { row: Row; base: State }[] = (children.get('') ?? []).map((row) => ({ row, base: [] }));
  for (let next = open.pop(); next; next = open.pop()) {
    const { row, base } = next;
    const state = await restored(row.body, base);
    if (row.wanted) found.set(row.id, checked(row, state));
    for (const child of children.get(`${row.id}${row.hash}`) ?? []) open.push({ row: child, base: state });
  }
  if (found.size < rows.filter(({ wanted }) => wanted).length) throw packDamaged();
  return found;
}

function checked({ id, hash, parent, head: bytes, depth }: Row, state: State): AcceptedRecord {
  const head = headFrom(id, parent, bytes);
  if (hashOf(head, state) !== hash) throw packDamaged();
  return { head, state, hash, depth };
}

const tooMuch = (entries: number) =>
  new DomainError(
    'TOO_LARGE',
    `These snapshots have ${entries} documents together; ${MOST_ENTRIES} is the limit. Ask for fewer at a time.`,
  );

/** One look into the index for each record, whatever the planner believes of a table that has no statistics yet. */
const CHAINS = `
  with recursive chain (id, hash, parent, base, wanted) as (
    select s.id, s.hash, s.parent, s.base, true
    from unnest($3::bytea[]) as asked (id)
    join lateral (
      select s.* from snapshots s
      where s.org = $1 and s.incarnation = $2 and s.id = asked.id and s.accepted_at is not null offset 0
    ) s on true
    union
    select s.id, s.hash, s.parent, s.base, false
    from chain c
    join lateral (
      select s.* from snapshots s
      where s.org = $1 and s.incarnation = $2 and s.id = c.parent and s.hash = c.base offset 0
    ) s on true
  ), needed as (
    select id, hash, bool_or(wanted) as wanted from chain group by id, hash
  )
  select encode(s.id, 'hex') as id, encode(s.hash, 'hex') as hash, encode(s.parent, 'hex') as parent,
    encode(s.base, 'hex') as base, s.depth, s.entries, s.head, s.body, n.wanted
  from needed n
  join lateral (
    select s.* from snapshots s
    where s.org = $1 and s.incarnation = $2 and s.id = n.id and s.hash = n.hash offset 0
  ) s on true`;
