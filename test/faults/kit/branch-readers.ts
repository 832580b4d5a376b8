import { setTimeout as sleep } from 'node:timers/promises';
import { DeviceError, operations, type RemoteSnapshot } from '@tidemark/device';
import { openBlob } from '@tidemark/e2ee';
import type { Random } from '@tidemark/testing';
import type { BranchHistory } from '../../checker/branch-history.mjs';
import type { PushSession } from './push-session.js';
import type { Place } from './pushers.js';

export type Read = BranchHistory['reads'][number];

/** Codes by which the server says that it cannot answer now. Any other refusal of something that a branch names is a finding. */
const away = new Set(['UNAVAILABLE', 'NOT_CONNECTED', 'TIMEOUT', 'RATE_LIMITED', 'UNAUTHORIZED']);

/**
 * Reads branches while others push to them, and everything that they name: records and documents. Nothing that a branch names
 * may be missing, and nothing that was once read may read differently later.
 */
export class BranchReaders {
  readonly reads: Read[] = [];
  readonly dangling: string[] = [];
  readonly changed: string[] = [];
  /** Records and documents that were fetched because a branch named them. */
  fetched = 0;
  readonly #known = new Map<string, string>();
  #stopped = false;

  constructor(
    private readonly session: PushSession,
    private readonly places: readonly Place[],
    private readonly random: Random,
  ) {}

  stop(): void {
    this.#stopped = true;
  }

  async run(readers: number): Promise<void> {
    await Promise.all(
      Array.from({ length: readers }, async () => {
        while (!this.#stopped) await this.look(this.#anyPlace(), this.random.next() < 0.3 ? 4 : 0);
      }),
    );
  }

  /** Once all is quiet: every branch, with everything that it names. */
  async readAll(): Promise<void> {
    // Somebody may still be on the way back; the deadline of the test ends what never comes.
    for (const place of this.places) while (!(await this.look(place, Number.MAX_SAFE_INTEGER)));
  }

  /** Lists alone, until so many have been read. */
  async readLists(wanted: number): Promise<void> {
    while (this.reads.length < wanted)
      await Promise.all(Array.from({ length: 8 }, () => this.look(this.#anyPlace(), 0)));
  }

  #anyPlace(): Place {
    return this.places[this.random.below(this.places.length)]!;
  }

  private async look(place: Place, depth: number): Promise<boolean> {
    const from = performance.now();
    try {
      const ids = [...(await this.session.head(place.file.id, place.branch))];
      this.reads.push({ branch: place.name, ids, outcome: 'ok', from, to: performance.now() });
      if (ids.length > 0 && depth > 0) await this.follow(place, ids.slice(-depth));
      return true;
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error;
      if (!away.has(error.code)) this.dangling.push(`${place.name}: ${error.message}`);
      await sleep(50 + this.random.below(100));
      return false;
    }
  }

  private async follow({ file, name }: Place, ids: readonly string[]): Promise<void> {
    const { door } = this.session;
    const snapshots = await door.query(operations.snapshots, { projectId: file.id, ids });
    if (snapshots.length !== ids.length)
      this.dangling.push(`${name}: ${ids.length - snapshots.length} records`);
    for (const snapshot of snapshots) this.compare(snapshot);
    const wanted = [...new Set(snapshots.flatMap(({ state }) => state.map(({ blob }) => blob)))];
    const blobs = await door.query(operations.blobs, { projectId: file.id, ids: wanted });
    if (blobs.length !== wanted.length)
      this.dangling.push(`${name}: ${wanted.length - blobs.length} documents`);
    for (const blob of blobs)
      await openBlob(blob, file.key).catch((error: unknown) =>
        this.changed.push(`${blob.id}: ${String(error)}`),
      );
    this.fetched += snapshots.length + blobs.length;
  }

  private compare({ id, ...content }: RemoteSnapshot): void {
    const [now, before] = [JSON.stringify(content), this.#known.get(id)];
    if (before !== undefined && before !== now) this.changed.push(`${id}: ${before} then ${now}`);
    this.#known.set(id, now);
  }
}
