import { historyConflict, type Staged, type StageSnapshots } from '@tidemark/contracts';
import type { Database } from '@tidemark/runtime';
import { failpoint } from '@tidemark/runtime/failpoint';
import type { StageTokens } from '@tidemark/transport';
import type { Settling } from '../acceptance/settling.js';
import { presentFor } from '../blob/blob-index.js';
import type { Place } from '../place.js';
import { checkedSnapshots } from './checked-snapshots.js';
import { insertPending, pendingRecords, type PendingRecord } from './pending-records.js';
import { NO_PARENT, shown, type StoredRecord } from './record.js';
import { acceptedRecords, type AcceptedRecord } from './records.query.js';
import { blobsMissing } from './snapshot.errors.js';

interface Parts {
  readonly db: Database;
  readonly tokens: StageTokens;
}

const LONGEST_TITLE = 1_000;

/**
 * Checks a batch and keeps what is new of it as pending. Three statements, however many snapshots and documents: what is
 * accepted of them, which blobs are there, and one insert.
 */
export async function stage(
  { db, tokens }: Parts,
  place: Place,
  account: string,
  message: StageSnapshots,
  settling: Settling,
): Promise<Staged> {
  const batch = checkedSnapshots(message);
  const accepted = await known(db, place, batch, settling);
  const pending = await pendingRecords(batch, accepted);
  let missing = await keep(db, place, account, pending);
  // Somebody else's push may have been accepted of which nothing was heard here so far.
  if (missing.length > 0 && (await settling.ofBlobs(missing)))
    missing = await keep(db, place, account, pending);
  if (missing.length > 0) throw blobsMissing(missing);
  failpoint('stage.after-commit-before-reply');
  const records = batch.map((record) => accepted.get(record.head.id) ?? record);
  const token = tokens.seal({
    ...place,
    account,
    records: records.map(({ head, hash }) => ({ id: head.id, hash })),
    ...titleOf(message.root, records.at(-1)!),
  });
  return { token, snapshots: records.map(shown) };
}

/** A push extends what is accepted; a parent that no branch has cannot be the head of any. */
async function known(
  db: Database,
  place: Place,
  batch: readonly StoredRecord[],
  settling: Settling,
): Promise<Map<string, AcceptedRecord>> {
  const { parent } = batch[0]!.head;
  const ids = [...(parent === NO_PARENT ? [] : [parent]), ...batch.map(({ head }) => head.id)];
  const read = () => db.tx({ tenant: place.org }, (tx) => acceptedRecords(tx, place, ids));
  const found = await read();
  if (parent === NO_PARENT || found.has(parent)) return found;
  const again = (await settling.ofSnapshots([parent])) ? await read() : found;
  if (!again.has(parent)) throw historyConflict();
  return again;
}

/** Answers which blobs are missing; unless there are none, nothing was kept. */
function keep(
  db: Database,
  place: Place,
  account: string,
  pending: readonly PendingRecord[],
): Promise<string[]> {
  const blobs = [...new Set(pending.flatMap(({ fresh }) => fresh))];
  return db.tx({ tenant: place.org }, async (tx) => {
    const present = await presentFor(tx, place, account, blobs);
    const missing = blobs.filter((id) => !present.has(id));
    if (missing.length === 0) await insertPending(tx, place, account, pending);
    failpoint('stage.before-commit');
    return missing;
  });
}

function titleOf(root: string, { state }: StoredRecord): { title?: string } {
  const entry = state.find(({ key }) => key === root);
  return entry ? { title: [...entry.name].slice(0, LONGEST_TITLE).join('') } : {};
}
