import { fileAbsent, type StoredSnapshot } from '@tidemark/contracts';
import type { Database } from '@tidemark/runtime';
import type { Settling } from '../acceptance/settling.js';
import type { Place } from '../place.js';
import { shown } from './record.js';
import { acceptedRecords } from './records.query.js';

/** All of them, in the order asked for, or an error: a shorter list would make the app delete documents. One statement. */
export async function getSnapshots(
  db: Database,
  place: Place,
  ids: readonly string[],
  settling: Settling,
): Promise<StoredSnapshot[]> {
  const wanted = [...new Set(ids)];
  const read = () => db.tx({ tenant: place.org }, (tx) => acceptedRecords(tx, place, wanted));
  let found = await read();
  const missing = wanted.filter((id) => !found.has(id));
  if (missing.length > 0 && (await settling.ofSnapshots(missing))) found = await read();
  return ids.map((id) => {
    const record = found.get(id);
    if (!record) throw fileAbsent();
    return shown(record);
  });
}
