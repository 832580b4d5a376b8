import { operations } from '../doors/operations.js';
import { branchName } from '../model/branch-name.js';
import { compareHistories, lastCommon, type Comparison } from '../model/history.js';
import type { Choice, Conflict } from '../model/merge.js';
import { MASTER, type Document, type Snapshot } from '../model/types.js';
import { DeviceError } from '../state/device-error.js';
import type { StateKeeper } from '../state/state-keeper.js';
import type { SyncState } from '../state/sync-state.js';
import type { FileRecord } from '../store/file-record.js';
import { commit } from './commit.js';
import type { Context } from './context.js';
import { fetchBranch } from './fetch-branch.js';
import { confirmed, integrate, UNCOMMITTED, type PullOutcome } from './integrate.js';
import type { Locks } from './locks.js';
import { push, type Pushed } from './push.js';
import { unpushedOf } from './unpushed.js';
import {
  documentOf,
  documentsOf,
  headOf,
  headState,
  moveWork,
  uncommitted,
  withDocuments,
  withoutDocument,
} from './working-copy.js';

/** How often somebody else may be quicker before it is reported. */
const ROUNDS = 5;

export interface Pulled {
  readonly outcome: PullOutcome;
  /** To be answered by `pull({ choices })`; until then nothing has changed. */
  readonly conflicts: readonly Conflict[];
}

export interface PullOptions {
  readonly branch?: string;
  readonly choices?: readonly Choice[];
}

/** One file on this device. What is called at the same time on one file happens one after the other. */
export class DeviceFile {
  constructor(
    readonly id: string,
    private readonly context: () => Context,
    private readonly states: StateKeeper,
    private readonly locks: Locks,
  ) {}

  get state(): SyncState {
    return this.states.ofFile(this.id);
  }

  async record(): Promise<FileRecord> {
    const record = await this.context().shelf.record(this.id);
    if (!record) throw new DeviceError('NOT_FOUND', 'This file is not on this device.');
    return record;
  }

  async documents(): Promise<Document[]> {
    return documentsOf(this.context(), await this.record());
  }

  async document(key: string): Promise<Document | undefined> {
    return documentOf(this.context(), await this.record(), key);
  }

  /** Keeps documents, new or changed, as they are; `commit` makes them part of the history. */
  async put(...documents: readonly Document[]): Promise<void> {
    await this.#change((record) => withDocuments(this.context(), record, documents));
  }

  async delete(key: string): Promise<void> {
    await this.#change(async (record) => withoutDocument(record, key));
  }

  /** Keys of documents that differ from the last commit. */
  async changes(): Promise<string[]> {
    return uncommitted(this.context(), await this.record());
  }

  /** Puts the working documents back to the last commit. */
  async revert(): Promise<void> {
    await this.#change(async (record) => {
      const head = await headState(this.context(), record);
      const unsynced = Object.entries(record.work).filter(([, { synced }]) => !synced);
      const committed = [...head.values()].map(({ key, blob, name }) => [key, { blob, name, synced: true }]);
      return { ...record, work: Object.fromEntries([...committed, ...unsynced]) as FileRecord['work'] };
    });
  }

  async commit(message: string): Promise<void> {
    await this.#change((record) => commit(this.context(), record, message));
  }

  async history(branch?: string): Promise<Snapshot[]> {
    const record = await this.record();
    const list = record.branches[branch ?? record.branch] ?? [];
    return this.context().shelf.snapshots(this.id, list);
  }

  /** How far this device and the server are apart on the current branch. */
  async compare(): Promise<Comparison> {
    return this.#work('asking the server', async (record) => {
      const remote = await this.#remote(record.branch);
      await this.context().shelf.save(
        confirmed(record, record.branch, lastCommon(record.branches[record.branch] ?? [], remote ?? [])),
      );
      return this.#compared(record, remote);
    });
  }

  async push(): Promise<Pushed> {
    return this.#work('pushing', async (record) => {
      const { shelf } = this.context();
      const pushed = await push(this.context(), record, (kept) => shelf.save(kept));
      this.states.file(this.id, { unpulled: 0, comparedAt: this.#now() });
      return pushed;
    });
  }

  async pull({ branch, choices = [] }: PullOptions = {}): Promise<Pulled> {
    return this.#work('pulling', async (record) => {
      const context = this.context();
      const name = branch === undefined ? record.branch : branchName(branch);
      const remote = await this.#fetched(name);
      const { outcome, record: next, conflicts } = await integrate(context, record, name, remote, choices);
      if (conflicts.length > 0) {
        this.states.file(this.id, { problem: conflictOf(conflicts) });
        return { outcome, conflicts };
      }
      await context.shelf.save(next);
      if (name === next.branch) this.#compared(next, remote);
      return { outcome, conflicts };
    });
  }

  /**
   * As far as it goes without a person: pulls what is new, then pushes what is committed. What the server had and has no
   * more is left alone: a push would bring back what somebody has removed.
   */
  async sync(): Promise<void> {
    let { behind } = await this.compare();
    for (let round = 1; ; round++) {
      if (behind > 0 && (await this.pull()).conflicts.length > 0) return;
      const record = await this.record();
      if (record.confirmed[record.branch] === null) return this.#gone();
      if (unpushedOf(record, record.branch).length === 0) return;
      try {
        await this.push();
      } catch (error) {
        // Somebody was quicker; with what they did it can be tried again.
        if (!isHistoryConflict(error) || round === ROUNDS) throw error;
        behind = 1;
      }
    }
  }

  /** Of this device: branches that it has. */
  async branches(): Promise<string[]> {
    return Object.keys((await this.record()).branches).sort();
  }

  async remoteBranches(): Promise<string[]> {
    return this.#work('asking the server', async () => {
      const branches = await this.context().door.query(operations.branches, { projectId: this.id });
      return (branches ?? []).map(({ name }) => name);
    });
  }

  /** A new branch with the history of the current one; pushing it sends that history again. */
  async fork(name: string): Promise<void> {
    const fresh = branchName(name);
    await this.#change(async (record) => {
      if (record.branches[fresh]) throw new DeviceError('CONFLICT', `There is a branch ${fresh} already.`);
      const list = record.branches[record.branch] ?? [];
      return { ...record, branches: { ...record.branches, [fresh]: list } };
    });
  }

  /** Goes on with another branch; one that only the server has is pulled first. */
  async checkout(name: string): Promise<void> {
    const branch = branchName(name);
    if (!(await this.record()).branches[branch]) await this.pull({ branch });
    await this.#change(async (record) => {
      const context = this.context();
      const [from, to] = [
        await headState(context, record),
        await headState(context, record, headOf(record, branch)),
      ];
      return { ...record, branch, work: moveWork(record, from, to, UNCOMMITTED) };
    });
    this.states.file(this.id, { comparedAt: undefined, unpulled: 0 });
  }

  async removeBranch(name: string): Promise<void> {
    const branch = branchName(name);
    if (branch === MASTER) throw new DeviceError('FORBIDDEN', 'The branch master stays.');
    await this.#work('asking the server', async (record) => {
      if (record.branch === branch)
        throw new DeviceError('CONFLICT', `Go to another branch before ${branch} is removed.`);
      const { door, shelf } = this.context();
      await door.query(operations.removeBranch, { projectId: this.id, branch });
      const { [branch]: _, ...branches } = record.branches;
      await shelf.save(confirmed({ ...record, branches }, branch, undefined));
    });
  }

  /** Deletes the file for everybody, then here. */
  async archive(): Promise<void> {
    await this.#work('asking the server', async () => {
      await this.context().door.query(operations.projectArchive, { id: this.id });
      await this.context().shelf.forget(this.id);
    });
    this.states.forget(this.id);
  }

  /** The server has said that the file moved. */
  moved(): void {
    this.states.file(this.id, { comparedAt: undefined });
  }

  #gone(): Promise<void> {
    return this.#work('asking the server', async () => {
      throw new DeviceError('NOT_FOUND', 'This was removed elsewhere, or you have no access to it any more.');
    });
  }

  async #fetched(branch: string): Promise<readonly string[]> {
    const remote = await fetchBranch(this.context(), this.id, branch);
    if (remote === null) throw new DeviceError('NOT_FOUND', `The remote branch "${branch}" does not exist`);
    return remote;
  }

  async #remote(branch: string): Promise<readonly string[] | null> {
    const { door } = this.context();
    await door.query(operations.branches, { projectId: this.id });
    const remote = await door.query(operations.branch, { projectId: this.id, branch });
    return remote?.snapshots ?? null;
  }

  #compared(record: FileRecord, remote: readonly string[] | null): Comparison {
    const comparison = compareHistories(record.branches[record.branch] ?? [], remote);
    this.states.file(this.id, { unpulled: comparison.behind, comparedAt: this.#now() });
    return comparison;
  }

  #now(): string {
    return this.context().now().toISOString();
  }

  /** A change of the record alone, without the server. Counted before it is kept: never called synced in between. */
  async #change(change: (record: FileRecord) => Promise<FileRecord>): Promise<void> {
    await this.locks.run(this.id, async () => {
      const context = this.context();
      const next = await change(await this.record());
      await this.#count(context, next);
      try {
        await context.shelf.save(next);
      } catch (error) {
        await this.count(context);
        throw error;
      }
    });
  }

  /** Work with the server: the state says so while it lasts, and keeps what went wrong. */
  async #work<T>(
    doing: 'pushing' | 'pulling' | 'asking the server',
    work: (record: FileRecord) => Promise<T>,
  ): Promise<T> {
    return this.locks.run(this.id, async () => {
      const [context, record] = [this.context(), await this.record()];
      this.states.file(this.id, { doing, problem: undefined });
      try {
        const result = await work(record);
        this.states.reached();
        return result;
      } catch (error) {
        throw this.states.failed(error, this.id);
      } finally {
        await this.count(context);
        this.states.done(this.id);
      }
    });
  }

  /** What is here and not there, from what this device itself knows. */
  async count(context = this.context()): Promise<void> {
    const record = await context.shelf.record(this.id);
    if (record) await this.#count(context, record);
  }

  async #count(context: Context, record: FileRecord): Promise<void> {
    this.states.file(this.id, {
      uncommitted: (await uncommitted(context, record)).length,
      unpushed: unpushedOf(record, record.branch).length,
    });
  }
}

const isHistoryConflict = (error: unknown): boolean =>
  error instanceof DeviceError && error.code === 'HISTORY_CONFLICT';

const conflictOf = (conflicts: readonly Conflict[]): DeviceError =>
  new DeviceError(
    'CONFLICT',
    `${conflicts.length} ${conflicts.length === 1 ? 'document was' : 'documents were'} changed here and elsewhere.`,
  );
