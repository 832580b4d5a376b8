import { DomainError, fileAbsent, type StoredSnapshot } from '@tidemark/contracts';
import type { Database } from '@tidemark/runtime';
import type { Settling } from '../acceptance/settling.js';
import type { Place } from '../place.js';
import { shown } from './record.js';
import { acceptedRecords, type AcceptedRecord } from './records.query.js';
import type { State } from './state.js';

interface Parts {
  readonly db: Database;
  readonly replyBytes: number;
}

/** All of them, in the order asked for, or an error: a shorter list would make the app delete documents. One statement. */
export async function getSnapshots(
  { db, replyBytes }: Parts,
  place: Place,
  ids: readonly string[],
  settling: Settling,
): Promise<StoredSnapshot[]> {
  const wanted = [...new Set(ids)];
  const read = () => db.tx({ tenant: place.org }, (tx) => acceptedRecords(tx, place, wanted));
  let found = await read();
  const missing = wanted.filter((id) => !found.has(id));
  if (missing.length > 0 && (await settling.ofSnapshots(missing))) found = await read();
  const records = wanted.map((id) => found.get(id) ?? absent());
  mustFit(records, replyBytes);
  return ids.map((id) => shown(found.get(id)!));
}

function absent(): never {
  throw fileAbsent();
}

/** One alone fits as it did when it was staged. */
function mustFit(records: readonly AcceptedRecord[], most: number): void {
  const bytes = records.reduce((sum, { state }) => sum + bytesOf(state), 0);
  if (bytes > most && records.length > 1)
    throw new DomainError(
      'TOO_LARGE',
      `These snapshots have about ${bytes} bytes together; ${most} is the limit. Ask for fewer at a time.`,
    );
}

const bytesOf = (state: State): number =>
  state.reduce((sum, { key, name }) => sum + 46 + key.length + name.length, 0);
