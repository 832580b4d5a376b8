import { setTimeout as sleep } from 'node:timers/promises';
import { DeviceError, operations } from '@tidemark/device';
import { noParent, sealBlob, snapshotId } from '@tidemark/e2ee';
import type { Random } from '@tidemark/testing';
import type { BranchHistory } from '../../checker/branch-history.mjs';
import type { PushedFile, PushSession } from './push-session.js';

export type Push = BranchHistory['pushes'][number];

export interface PushLoad {
  readonly branches: number;
  readonly writers: number;
  /** Acknowledged ones that are wanted. */
  readonly pushes: number;
}

export interface Place {
  readonly file: PushedFile;
  readonly branch: string;
  /** As the checker knows it. */
  readonly name: string;
}

interface Snapshot {
  readonly id: string;
  readonly parent: string;
  readonly [field: string]: unknown;
}

/** How often the identical call is repeated while its outcome is not known. */
const REPEATS = 12;

/**
 * Writers that push to many branches, sometimes two to one. Each snapshot names a document that nobody else makes, so that it is
 * an element of its own; every call is on record with what its caller knew afterwards.
 */
export class Pushers {
  readonly pushes: Push[] = [];
  readonly places: readonly Place[];
  #acknowledged = 0;
  #stopped = false;
  #made = 0;

  constructor(
    private readonly sessions: readonly PushSession[],
    files: readonly PushedFile[],
    private readonly load: PushLoad,
    private readonly random: Random,
  ) {
    this.places = Array.from({ length: load.branches }, (_, n) => {
      const file = files[n % files.length]!;
      const branch = n < files.length ? 'master' : `branch-${Math.floor(n / files.length)}`;
      return { file, branch, name: `${file.id}/${branch}` };
    });
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  stop(): void {
    this.#stopped = true;
  }

  async run(): Promise<void> {
    await Promise.all(Array.from({ length: this.load.writers }, (_, n) => this.write(n)));
  }

  private async write(writer: number): Promise<void> {
    const session = this.sessions[writer % this.sessions.length]!;
    while (!this.#stopped && this.#acknowledged < this.load.pushes) {
      const place = this.places[this.random.below(this.places.length)]!;
      await this.push(session, place).catch(async (error: unknown) => {
        if (!(error instanceof DeviceError)) throw error;
        await sleep(100 + this.random.below(200));
      });
    }
  }

  /** What stands at the head, a new document or three after it, and the calls of the app in its order. */
  private async push(session: PushSession, { file, branch, name }: Place): Promise<void> {
    const head = (await session.head(file.id, branch)).at(-1) ?? noParent;
    const documents = Array.from({ length: 1 + this.random.below(3) }, () => this.document(file));
    const blobs = await Promise.all(documents.map((document) => sealBlob(document, file.key)));
    await session.upload(file.id, blobs);
    const snapshots: Snapshot[] = [];
    for (const [n, { id: blob }] of blobs.entries())
      snapshots.push(this.snapshot(session, file, snapshots.at(-1)?.id ?? head, documents[n]!, blob));
    const ids = snapshots.map(({ id }) => id);
    for (let time = 0; time <= REPEATS; time++) {
      const outcome = await this.attempt({ branch: name, parent: head === noParent ? null : head, ids }, () =>
        session.door.query(operations.snapshotsPush, { projectId: file.id, branchName: branch, snapshots }),
      );
      if (outcome !== 'unknown') return;
      await sleep(200 + this.random.below(400));
    }
  }

  private async attempt(
    push: Pick<Push, 'branch' | 'parent' | 'ids'>,
    call: () => Promise<unknown>,
  ): Promise<Push['outcome']> {
    const from = performance.now();
    const ended = (outcome: Push['outcome'], code?: string) => {
      this.pushes.push({
        ...push,
        outcome,
        from,
        to: performance.now(),
        ...(code !== undefined && { code }),
      });
      return outcome;
    };
    try {
      await call();
      this.#acknowledged += 1;
      return ended('ok');
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error;
      const unknown = ['NOT_CONNECTED', 'TIMEOUT', 'INTERNAL'].includes(error.code);
      return ended(unknown ? 'unknown' : 'failed', error.code);
    }
  }

  private document({ root }: PushedFile) {
    this.#made += 1;
    const mark = `${this.random.seed}-${this.#made}`;
    return {
      _id: `req_${mark}`,
      type: 'Request',
      parentId: root,
      name: `Request ${mark}`,
      url: `https://${mark}.example`,
    };
  }

  private snapshot(
    session: PushSession,
    file: PushedFile,
    parent: string,
    document: { _id: string; name: string },
    blob: string,
  ): Snapshot {
    return {
      id: snapshotId(file.id, parent, [blob]),
      parent,
      created: '2026-01-02T03:04:05.678Z',
      author: session.account,
      name: `Adds ${document.name}`,
      description: '',
      state: [{ key: document._id, blob, name: document.name }],
    };
  }
}
