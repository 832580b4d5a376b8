import { operations, type ListedFile } from '../doors/operations.js';
import { MASTER } from '../model/types.js';
import type { Context } from './context.js';
import type { Pulled } from './device-file.js';
import { fetchBranch } from './fetch-branch.js';
import { integrate } from './integrate.js';
import { emptyRecord, type Place } from './new-file.js';

/** Brings a file that this device has not yet. Undefined: it is listed, but nobody has pushed `master` so far. */
export async function firstPull(
  context: Context,
  place: Place,
  { id, name, rootDocumentId }: ListedFile,
): Promise<Pulled | undefined> {
  const { door, shelf } = context;
  const branches = await door.query(operations.branches, { projectId: id });
  if (!branches?.some((branch) => branch.name === MASTER)) return undefined;
  const remote = await fetchBranch(context, id, MASTER);
  if (remote === null) return undefined;
  const empty = emptyRecord(place, id, rootDocumentId, name);
  const { outcome, record, conflicts } = await integrate(context, empty, MASTER, remote);
  await shelf.save(record);
  return { outcome, conflicts };
}
