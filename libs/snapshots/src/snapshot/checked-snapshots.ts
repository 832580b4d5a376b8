import { historyConflict, isHash, type ClaimedSnapshot, type StageSnapshots } from '@tidemark/contracts';
import { recordOf, snapshotIdOf, type StoredRecord } from './record.js';
import { idMismatch, invalidId, invalidSnapshot, tooLarge } from './snapshot.errors.js';

const limits = { state: 200_000, call: 1_000_000, text: 10_000, description: 100_000 } as const;

/** What came, as records: each whole, each the child of the one before, each with the id that follows from it. */
export function checkedSnapshots({ file, snapshots }: StageSnapshots): StoredRecord[] {
  snapshots.forEach((snapshot, i) => checkShape(snapshot, `snapshots.${i}`));
  const entries = snapshots.reduce((sum, { state }) => sum + state.keys.length, 0);
  if (entries > limits.call) throw tooLarge('Documents of all snapshots together', entries, limits.call);
  if (snapshots.some(({ parent }, i) => i > 0 && parent !== snapshots[i - 1]!.id)) throw historyConflict();
  return snapshots.map((snapshot, i) => {
    const record = recordOf(snapshot);
    if (snapshotIdOf(file, record.head.parent, record.state) !== record.head.id) throw idMismatch(i);
    return record;
  });
}

function checkShape(snapshot: ClaimedSnapshot, at: string): void {
  if (typeof snapshot !== 'object' || snapshot === null) throw invalidSnapshot(at, 'must be a snapshot');
  for (const field of ['id', 'parent'] as const)
    if (!isHash(snapshot[field])) throw invalidId(`${at}.${field}`);
  for (const field of ['author', 'name'] as const) checkText(snapshot[field], `${at}.${field}`, limits.text);
  checkText(snapshot.description, `${at}.description`, limits.description);
  if (!isMoment(snapshot.created))
    throw invalidSnapshot(`${at}.created`, 'must be a time like 2026-01-02T03:04:05.678Z');
  checkState(snapshot.state, `${at}.state`);
}

function checkState(state: Partial<ClaimedSnapshot['state']> | null, at: string): void {
  const { keys, blobs, names } = state ?? {};
  if (!Array.isArray(keys) || !Array.isArray(blobs) || !Array.isArray(names))
    throw invalidSnapshot(at, 'must have the lists keys, blobs and names');
  if (keys.length !== blobs.length || keys.length !== names.length)
    throw invalidSnapshot(at, 'must have as many keys as blobs and names');
  if (keys.length > limits.state) throw tooLarge(`Documents of ${at}`, keys.length, limits.state);
  for (let i = 0; i < keys.length; i++) {
    checkText(keys[i], `${at}.keys.${i}`, limits.text);
    checkText(names[i], `${at}.names.${i}`, limits.text);
    if (!isHash(blobs[i])) throw invalidId(`${at}.blobs.${i}`);
  }
}

function checkText(value: unknown, field: string, most: number): void {
  if (typeof value !== 'string' || !value.isWellFormed() || value.length > most)
    throw invalidSnapshot(field, `must be text of at most ${most} characters`);
}

/** Given back as it came, so it must be what the app can read again. */
function isMoment(value: unknown): boolean {
  const time = typeof value === 'string' ? new Date(value) : new Date(NaN);
  return !Number.isNaN(time.getTime()) && time.toISOString() === value;
}
