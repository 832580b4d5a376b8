import type { Tx } from '@tidemark/runtime';
import { bytesOfId, type Place } from '../place.js';
import { headBytes, NO_PARENT, type StoredRecord } from './record.js';
import type { AcceptedRecord } from './records.query.js';
import type { State } from './state.js';
import { freshBlobs } from './state-delta.js';
import { stored, type StoredState } from './stored-state.js';

/** A record on its way in. */
export interface PendingRecord {
  readonly record: StoredRecord;
  readonly kept: StoredState;
  /** Hash of the parent's record, in whose terms the state is kept. */
  readonly base: string | undefined;
  /** The blobs that the parent does not name. */
  readonly fresh: readonly string[];
}

interface Before {
  readonly hash: string | undefined;
  readonly state: State;
  readonly depth: number;
}

/** Those of the batch that are not accepted yet, each in terms of the one before it. */
export async function pendingRecords(
  batch: readonly StoredRecord[],
  accepted: ReadonlyMap<string, AcceptedRecord>,
): Promise<PendingRecord[]> {
  const pending: PendingRecord[] = [];
  let before: Before = beforeAll(batch[0]!, accepted);
  for (const record of batch) {
    const there = accepted.get(record.head.id);
    if (there) before = there;
    else {
      const kept = await stored(record.state, before.hash === undefined ? undefined : before);
      const base = kept.isFrame ? undefined : before.hash;
      pending.push({ record, kept, base, fresh: freshBlobs(before.state, record.state) });
      before = { hash: record.hash, state: record.state, depth: kept.depth };
    }
  }
  return pending;
}

const beforeAll = ({ head }: StoredRecord, accepted: ReadonlyMap<string, AcceptedRecord>): Before =>
  (head.parent === NO_PARENT ? undefined : accepted.get(head.parent)) ?? {
    hash: undefined,
    state: [],
    depth: 0,
  };

/**
 * A record is named by its content, so one that is there already is the same one; it only counts as staged anew, for the
 * sake of whoever removes what stayed pending for long.
 */
export async function insertPending(
  tx: Tx,
  { org, incarnation }: Place,
  account: string,
  pending: readonly PendingRecord[],
): Promise<void> {
  await tx.query(
    INSERT,
    [
      org,
      incarnation,
      account,
      pending.map(({ record }) => bytesOfId(record.head.id)),
      pending.map(({ record }) => bytesOfId(record.hash)),
      pending.map(({ record }) => bytesOfId(record.head.parent)),
      pending.map(({ base }) => (base === undefined ? null : bytesOfId(base))),
      pending.map(({ kept }) => kept.depth),
      pending.map(({ record }) => record.state.length),
      pending.map(({ record }) => headBytes(record.head)),
      pending.map(({ kept }) => kept.body),
      pending.map(({ fresh }) => bytesOfId(fresh.join(''))),
    ],
    'snapshots.stage',
  );
}

const INSERT = `
  insert into snapshots as s (org, incarnation, id, hash, parent, base, depth, entries, head, body, fresh, staged_by)
  select $1, $2, id, hash, parent, base, depth, entries, head, body, fresh, $3
  from unnest($4::bytea[], $5::bytea[], $6::bytea[], $7::bytea[], $8::int[], $9::int[], $10::bytea[], $11::bytea[], $12::bytea[])
    as r (id, hash, parent, base, depth, entries, head, body, fresh)
  order by id
  on conflict (org, incarnation, id, hash) do update set staged_at = now() where s.accepted_at is null`;
