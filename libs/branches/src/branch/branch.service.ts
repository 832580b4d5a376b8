import { Inject, Injectable } from '@nestjs/common';
import {
  fileAbsent,
  fingerprintOf,
  newCommandId,
  type AcceptedRecord,
  type AcceptedSnapshot,
  type ActorContext,
  type AppendedSnapshots,
  type AppendSnapshots,
  type RemoveBranch,
} from '@tidemark/contracts';
import type { Handled, StreamTransactions, StreamTx } from '@tidemark/event-store';
import { failpoint } from '@tidemark/runtime/failpoint';
import type { StageTokens } from '@tidemark/transport';
import { BRANCHES_STREAMS, STAGE_TOKENS } from '../branches.tokens.js';
import { bytesOf } from '../hex.js';
import { branchStream, checkedBranchName, MASTER, sameBranch } from './branch-name.js';
import { branchDecider, type BranchCommand } from './branch.decider.js';
import { masterStays, notStaged, snapshotsInvalid } from './branch.errors.js';
import type { Branch } from './branch.js';
import { stagedOf, type Staged } from './staged.js';
import * as sql from './branch.sql.js';

@Injectable()
export class BranchService {
  constructor(
    @Inject(BRANCHES_STREAMS) private readonly streams: StreamTransactions,
    @Inject(STAGE_TOKENS) private readonly tokens: StageTokens,
  ) {}

  /**
   * Statements, whatever the number of snapshots and the length of the branch: claim, accept, known, lock, load, list,
   * append, with BEGIN and COMMIT around them. A repeat ends after the third.
   */
  async append(message: AppendSnapshots, actor: ActorContext): Promise<AppendedSnapshots> {
    mustBeList(message.snapshots);
    const push = {
      ...message,
      branch: checkedBranchName(message.branch),
      staged: stagedOf(this.tokens.open(message.token), message, actor),
    };
    const appended = await this.streams.run({ tenant: message.org }, (tx) => appendTo(tx, push, actor));
    failpoint('append.after-commit-before-reply');
    return appended;
  }

  /** A branch or file that is not there is removed already; the snapshots that it had accepted stay accepted. */
  async remove(message: RemoveBranch, actor: ActorContext): Promise<void> {
    const branch = sameBranch(message.branch);
    await this.streams.run({ tenant: message.org }, (tx) => removeBranch(tx, { ...message, branch }, actor));
  }
}

type Push = AppendSnapshots & { readonly staged: Staged };

async function appendTo(tx: StreamTx, push: Push, actor: ActorContext): Promise<AppendedSnapshots> {
  const { org, incarnation, branch, parent, snapshots } = push;
  const at = new Date().toISOString();
  const file = await claimBranch(tx, push, at);
  failpoint('append.after-claim');
  const accepted = await acceptRecords(tx, push, { actor, at });
  const known = await knownSnapshots(tx, push, file.length);
  if (known.every(({ last }) => last)) return { accepted: known.map(shown) };
  const place = { file: file.file, incarnation, project: file.project, branch };
  const command: BranchCommand = { kind: 'move', place, parent, snapshots, accepted };
  const { state } = await handle(tx, org, command, { commandId: newCommandId(), actor, at });
  await listSnapshots(tx, push, { state, at });
  failpoint('append.before-commit');
  return { accepted: known.map(shown) };
}

interface Claimed {
  readonly file: string;
  readonly project: string;
  readonly length: number;
}

/** From here on nobody else moves this branch, and the file is not archived. */
async function claimBranch(tx: StreamTx, { org, incarnation, branch }: Push, at: string): Promise<Claimed> {
  const [row] = await tx.query<Claimed & object>(sql.CLAIM, [org, incarnation, branch, at]);
  if (!row) throw fileAbsent();
  return row;
}

/** The first record of an id is the one for good, whichever branch brings it. Answers those that are new. */
async function acceptRecords(
  tx: StreamTx,
  { org, incarnation, client, staged }: Push,
  { actor, at }: { readonly actor: ActorContext; readonly at: string },
): Promise<AcceptedRecord[]> {
  const { records } = staged;
  const [ids, hashes] = [records.map(({ id }) => bytesOf(id)), records.map(({ hash }) => bytesOf(hash))];
  const values = [org, incarnation, ids, hashes, actor.account, client, at];
  const fresh = new Set((await tx.query<{ id: string }>(sql.ACCEPT, values)).map(({ id }) => id));
  return records.filter(({ id }) => fresh.has(id)).map(({ id, hash }) => ({ id, hash }));
}

interface Known extends AcceptedSnapshot {
  /** It stands at the end of the branch, at the place where this push would put it. */
  readonly last: boolean;
}

async function knownSnapshots(
  tx: StreamTx,
  { org, incarnation, branch, snapshots }: Push,
  length: number,
): Promise<Known[]> {
  const places = snapshots.map((_, n) => length - snapshots.length + n + 1);
  const values = [org, incarnation, branch, snapshots.map(bytesOf), places];
  const rows = await tx.query<Known & { hash: string | null }>(sql.KNOWN, values);
  const unknown = rows.filter(({ hash }) => hash === null).map(({ id }) => id);
  if (unknown.length > 0) throw notStaged(unknown);
  return rows;
}

async function listSnapshots(
  tx: StreamTx,
  { org, incarnation, branch, snapshots, staged }: Push,
  { state, at }: { readonly state: Branch; readonly at: string },
): Promise<void> {
  if (state.status !== 'open') throw new Error('A branch whose head has moved is not open.');
  const { length } = state;
  const title = branch === MASTER ? (staged.title ?? null) : null;
  const ids = snapshots.map(bytesOf);
  await tx.query(sql.LIST, [org, incarnation, branch, ids, length, bytesOf(state.head), at, title]);
}

async function removeBranch(
  tx: StreamTx,
  { org, incarnation, branch, command }: RemoveBranch,
  actor: ActorContext,
): Promise<void> {
  const [file] = await tx.query<Claimed & object>(sql.HOLD_FILE, [org, incarnation]);
  if (!file) return;
  if (branch === MASTER) throw masterStays();
  const [row] = await tx.query(sql.HOLD_BRANCH, [org, incarnation, branch]);
  if (!row) return;
  const at = new Date().toISOString();
  const place = { file: file.file, incarnation, project: file.project, branch };
  const removed = await handle(tx, org, { kind: 'remove', place }, { commandId: command, actor, at });
  if (removed.repeated) return;
  await tx.query(sql.REMOVE, [org, incarnation, branch, at]);
  failpoint('remove-branch.before-commit');
}

const handle = (
  tx: StreamTx,
  org: string,
  command: BranchCommand,
  { commandId, actor, at }: { readonly commandId: string; readonly actor: ActorContext; readonly at: string },
): Promise<Handled<Branch>> =>
  tx.handle(branchDecider, {
    org,
    stream: branchStream(command.place.incarnation, command.place.branch),
    command,
    commandId,
    fingerprint: fingerprintOf({ kind: command.kind, place: command.place }),
    meta: { account: actor.account, requestId: actor.requestId },
    at,
  });

function mustBeList(snapshots: readonly string[]): void {
  if (snapshots.length === 0 || new Set(snapshots).size < snapshots.length) throw snapshotsInvalid();
}

const shown = ({ id, hash, pushedBy }: Known): AcceptedSnapshot => ({ id, hash, pushedBy });
