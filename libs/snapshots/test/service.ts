import { randomBytes } from 'node:crypto';
import { MemoryBlobStore, type BlobStore } from '@tidemark/blob-store';
import {
  newAccountId,
  newIncarnationId,
  newOrgId,
  snapshotMessages,
  type ActorContext,
  type ClaimedSnapshot,
  type RecordedEvent,
  type SealedBlob,
  type Staged,
  type StoredSnapshot,
} from '@tidemark/contracts';
import {
  keyRing,
  newKeyRing,
  openDatabase,
  silentLogger,
  startService,
  type Database,
  type ServiceSchema,
  type Tx,
} from '@tidemark/runtime';
import {
  ActorSigner,
  connectRequests,
  InProcessRequests,
  RequestsServer,
  StageTokens,
} from '@tidemark/transport';
import { AcceptanceHearing } from '../src/acceptance/acceptance.hearing.js';
import { DataKeys } from '../src/envelope/data-keys.js';
import { NO_PARENT, snapshotIdOf } from '../src/snapshot/record.js';
import { stateOf } from '../src/snapshot/state.js';
import { SnapshotsModule } from '../src/snapshots.module.js';
import { snapshotsSchema } from '../src/snapshots.schema.js';
import { BranchesDouble } from './branches.double.js';

export const FILE = `prj_${'a1'.repeat(16)}`;
export const ROOT = 'wrk_root';

/** How often the database and the blob store were asked. */
export interface Counters {
  sql: number;
  blobs: number;
}

/** What of a test's database this needs. */
interface EmptyDatabase {
  migrated(service: ServiceSchema): Promise<{ readonly appUrl: string; readonly relayUrl: string }>;
  drop(): Promise<void>;
}

export interface TestService {
  readonly db: Database;
  readonly packs: MemoryBlobStore;
  readonly branches: BranchesDouble;
  readonly tokens: StageTokens;
  readonly counters: Counters;
  /** A file of a new organization, seen by a new account. */
  file(): Client;
  /** The reaction to what `branches` has published. */
  hear(...events: readonly RecordedEvent[]): Promise<void>;
  /** As after a start: data keys are read again. */
  forgetKeys(): void;
  close(): Promise<void>;
}

interface Settings {
  readonly look?: Look;
  readonly replyBytes?: number;
}

/** The module in an application of its own, on a real Postgres, asked as the gateway asks. */
export async function startTestService(
  database: EmptyDatabase,
  { look = () => Promise.resolve(), replyBytes = 64 * 1024 * 1024 }: Settings = {},
): Promise<TestService> {
  const { appUrl } = await database.migrated(snapshotsSchema);
  const real = openDatabase({ url: appUrl, name: 'test', max: 8, logger: silentLogger });
  const counters: Counters = { sql: 0, blobs: 0 };
  const db = countingDatabase(real, counters, look);
  const [packs, branches, actorKey] = [new MemoryBlobStore(), new BranchesDouble(), randomBytes(32)];
  const tokens = new StageTokens(actorKey);
  const ring = keyRing(newKeyRing(randomBytes(32)));
  let keys = new DataKeys(db, ring);
  const module = SnapshotsModule.with({
    db,
    blobs: countingBlobs(packs, counters),
    get keys() {
      return keys;
    },
    tokens,
    requests: branches,
    replyBytes,
    checks: [],
    close: () => real.close(),
  });
  const server = new RequestsServer({ actorKey, logger: silentLogger });
  const service = await startService(module, {
    name: 'snapshots',
    host: '127.0.0.1',
    port: 0,
    logger: silentLogger,
    connect: (app) => connectRequests(app, server),
  });
  const requests = new InProcessRequests(server, new ActorSigner(actorKey));
  const hearing = new AcceptanceHearing();
  return {
    db,
    packs,
    branches,
    tokens,
    counters,
    file: () => Client.ofNewFile({ requests, branches, tokens }),
    hear: async (...events) => {
      await db.tx({ tenant: events[0]!.org }, (tx) => hearing.hear(events, tx));
    },
    forgetKeys: () => void (keys = new DataKeys(db, ring)),
    async close() {
      await service.close();
      await database.drop();
    },
  };
}

/** Is shown each statement before it is sent. */
type Look = (sql: string, params: readonly unknown[] | undefined, tx: Tx) => Promise<void>;

function countingDatabase(db: Database, counters: Counters, look: Look): Database {
  return {
    tx: (scope, work) =>
      db.tx(scope, (tx) => {
        const counting: Tx = {
          async query(sql, params, name) {
            counters.sql++;
            await look(sql, params, tx);
            return tx.query(sql, params, name);
          },
        };
        return work(counting);
      }),
    one: (...args) => {
      counters.sql++;
      return db.one(...args);
    },
    close: () => db.close(),
  };
}

function countingBlobs(packs: BlobStore, counters: Counters): BlobStore {
  const counted = <Args extends readonly unknown[], Result>(work: (...args: Args) => Result) => {
    return (...args: Args): Result => {
      counters.blobs++;
      return work(...args);
    };
  };
  return {
    put: counted((name: string, bytes: Uint8Array) => packs.put(name, bytes)),
    read: counted((name: string, ranges: Parameters<BlobStore['read']>[1]) => packs.read(name, ranges)),
    readWhole: counted((name: string) => packs.readWhole(name)),
    size: counted((name: string) => packs.size(name)),
  };
}

interface Around {
  readonly requests: InProcessRequests;
  readonly branches: BranchesDouble;
  readonly tokens: StageTokens;
}

/** One account at work on one file. */
export class Client {
  constructor(
    private readonly around: Around,
    readonly org: string,
    readonly incarnation: string,
    readonly account: string,
  ) {}

  /** In an organization of its own. */
  static ofNewFile(around: Around): Client {
    return new Client(around, newOrgId(), newIncarnationId(), newAccountId());
  }

  /** Another account of the same organization. */
  colleague(): Client {
    return new Client(this.around, this.org, this.incarnation, newAccountId());
  }

  /** The same account in another file. */
  elsewhere(org = this.org): Client {
    return new Client(this.around, org, newIncarnationId(), this.account);
  }

  get actor(): ActorContext {
    return { account: this.account, requestId: 'test', org: this.org };
  }

  ask<Reply>(pattern: string, payload: object, actor: ActorContext = this.actor): Promise<Reply> {
    const place = { org: this.org, incarnation: this.incarnation };
    return this.around.requests.send<Reply>(pattern, { ...place, ...payload }, { actor });
  }

  put(blobs: readonly SealedBlob[]): Promise<null> {
    return this.ask(snapshotMessages.putBlobs, { blobs });
  }

  blobs(ids: readonly string[]): Promise<SealedBlob[]> {
    return this.ask(snapshotMessages.getBlobs, { ids });
  }

  async missing(ids: readonly string[]): Promise<readonly string[]> {
    return (await this.ask<{ missing: string[] }>(snapshotMessages.missingBlobs, { ids })).missing;
  }

  stage(snapshots: readonly ClaimedSnapshot[]): Promise<Staged> {
    return this.ask(snapshotMessages.stage, { file: FILE, root: ROOT, snapshots });
  }

  snapshots(ids: readonly string[]): Promise<StoredSnapshot[]> {
    return this.ask(snapshotMessages.get, { ids });
  }

  /** Stage and append; the event waits in `branches.events`. */
  async push(snapshots: readonly ClaimedSnapshot[]): Promise<RecordedEvent> {
    const { token } = await this.stage(snapshots);
    return this.around.branches.append(this.around.tokens.open(token)!);
  }
}

export const newHash = (): string => randomBytes(20).toString('hex');

export const aBlob = (id = newHash(), bytes = 100): SealedBlob => ({
  id,
  iv: Uint8Array.from(randomBytes(12)),
  tag: Uint8Array.from(randomBytes(16)),
  data: Uint8Array.from(randomBytes(bytes)),
});

export type Doc = readonly [key: string, blob: string, name: string];

export function aSnapshot(
  docs: readonly Doc[],
  { parent = NO_PARENT, file = FILE, ...more }: Partial<ClaimedSnapshot> & { file?: string } = {},
): ClaimedSnapshot {
  const state = {
    keys: docs.map(([key]) => key),
    blobs: docs.map(([, blob]) => blob),
    names: docs.map(([, , name]) => name),
  };
  return {
    id: snapshotIdOf(file, parent, stateOf(state)),
    parent,
    created: '2026-01-02T03:04:05.678Z',
    author: 'acct_somebody',
    name: 'Änderung\nzwei Zeilen',
    description: '',
    state,
    ...more,
  };
}

/** The documents of these blobs, the first one being the root. */
export const docsOf = (blobs: readonly { readonly id: string }[]): Doc[] =>
  blobs.map(({ id }, i) => [i === 0 ? ROOT : `req_${i}`, id, `Document ${i}`]);
