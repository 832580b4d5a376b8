import { lastCommon } from '../model/history.js';
import { mergeStates, type Choice, type Conflict, type Merged, type State } from '../model/merge.js';
import { DeviceError } from '../state/device-error.js';
import type { FileRecord } from '../store/file-record.js';
import { snapshotOf } from './commit.js';
import { decide, settle } from './conflicts.js';
import type { Context } from './context.js';
import { headState, moveWork, uncommitted } from './working-copy.js';

export const UNCOMMITTED = 'Please commit current changes or revert them before merging';

export type PullOutcome = 'up to date' | 'fast-forward' | 'merged' | 'conflicts';

export interface Integrated {
  readonly outcome: PullOutcome;
  readonly record: FileRecord;
  /** Left to be chosen; the record is then as it was. */
  readonly conflicts: readonly Conflict[];
}

/** Takes a fetched list of snapshots into a branch of this device. */
export async function integrate(
  context: Context,
  record: FileRecord,
  branch: string,
  remote: readonly string[],
  choices: readonly Choice[] = [],
): Promise<Integrated> {
  const local = record.branches[branch] ?? [];
  const common = lastCommon(local, remote);
  if (common === remote.at(-1)) return done('up to date', confirmed(record, branch, common));
  if (common === local.at(-1)) {
    const moved = await moveBranch(context, record, branch, remote);
    return done('fast-forward', confirmed(moved, branch, remote.at(-1)));
  }
  return mergeInto(context, record, { branch, remote, common }, choices);
}

const done = (outcome: PullOutcome, record: FileRecord): Integrated => ({ outcome, record, conflicts: [] });

/** `undefined` where the server has none of it. */
export function confirmed(record: FileRecord, branch: string, snapshot: string | undefined): FileRecord {
  if (snapshot === undefined && record.confirmed[branch] === undefined) return record;
  return { ...record, confirmed: { ...record.confirmed, [branch]: snapshot ?? null } };
}

async function moveBranch(
  context: Context,
  record: FileRecord,
  branch: string,
  list: readonly string[],
): Promise<FileRecord> {
  const moved = { ...record, branches: { ...record.branches, [branch]: list } };
  if (branch !== record.branch) return moved;
  const [from, to] = [await headState(context, record), await headState(context, record, list.at(-1))];
  return { ...moved, work: moveWork(record, from, to, UNCOMMITTED) };
}

interface Apart {
  readonly branch: string;
  readonly remote: readonly string[];
  readonly common: string | undefined;
}

async function mergeInto(
  context: Context,
  record: FileRecord,
  { branch, remote, common }: Apart,
  choices: readonly Choice[],
): Promise<Integrated> {
  const mine = await headState(context, record, record.branches[branch]?.at(-1));
  const theirs = await headState(context, record, remote.at(-1));
  const base: State = common === undefined ? new Map() : await headState(context, record, common);
  const merged = mergeStates(base, mine, theirs);
  await mustBeCommitted(context, record, branch, merged);
  const { open, answers } = await decide(context.shelf, record, merged, choices);
  if (open.length > 0) return { outcome: 'conflicts', record, conflicts: open };
  const { state, copies } = settle(merged.state, answers);
  const snapshot = snapshotOf(
    context,
    record.id,
    remote.at(-1),
    state,
    `Synced latest changes from ${branch}`,
  );
  await context.shelf.keepDocuments(record.id, copies);
  await context.shelf.keepSnapshots(record.id, [snapshot]);
  const moved = await moveBranch(context, record, branch, [...remote, snapshot.id]);
  return done('merged', confirmed(moved, branch, remote.at(-1)));
}

/** Nobody is asked to choose between versions of which one is not written down yet. */
async function mustBeCommitted(
  context: Context,
  record: FileRecord,
  branch: string,
  { clashes }: Merged,
): Promise<void> {
  if (branch !== record.branch || clashes.length === 0) return;
  const edited = new Set(await uncommitted(context, record));
  if (clashes.some(({ key }) => edited.has(key))) throw new DeviceError('UNCOMMITTED', UNCOMMITTED);
}
