import { randomBytes } from 'node:crypto';
import {
  newAccountId,
  newCommandId,
  newOrgId,
  newProjectId,
  type ActorContext,
  type AppendSnapshots,
  type BranchHeadMovedV1,
  type CreateFile,
  type FileView,
} from '@tidemark/contracts';
import {
  assignPositions,
  PostgresEventStore,
  PostgresLogReader,
  StreamTransactions,
} from '@tidemark/event-store';
import {
  MemoryHints,
  openDatabase,
  silentLogger,
  type Database,
  type ServiceSchema,
  type Tx,
} from '@tidemark/runtime';
import { StageTokens } from '@tidemark/transport';
import { BranchService } from '../src/branch/branch.service.js';
import { branchesSchema } from '../src/branches.schema.js';
import { FileService } from '../src/file/file.service.js';
import { WhenProjectDeletedArchiveFiles } from '../src/reactions/when-project-deleted-archive-files.reaction.js';

export const NONE = '0'.repeat(40);

const hex = (bytes: number) => randomBytes(bytes).toString('hex');
export const snapshotId = () => hex(20);
export const snapshotIds = (count: number) => Array.from({ length: count }, snapshotId);
export const fileId = () => `prj_${hex(16)}`;

/** As `freshDatabase()` gives it. */
interface TestDatabase {
  asOwner<R extends object = Record<string, unknown>>(sql: string, params?: readonly unknown[]): Promise<R[]>;
  migrated(service: ServiceSchema): Promise<{ readonly appUrl: string; readonly relayUrl: string }>;
  drop(): Promise<void>;
}

/** The service's own classes on a real Postgres, and short words for what tests do with them. */
export class BranchesOnPostgres {
  readonly tokens = new StageTokens(Buffer.from('k'.repeat(32)));
  readonly store: PostgresEventStore;
  readonly log: PostgresLogReader;
  readonly streams: StreamTransactions;
  readonly files: FileService;
  readonly branches: BranchService;
  readonly reaction: WhenProjectDeletedArchiveFiles;

  private constructor(
    readonly test: TestDatabase,
    readonly db: Database,
    readonly relayDb: Database,
    private readonly counts: { statements: number },
  ) {
    const hints = new MemoryHints(silentLogger);
    this.store = new PostgresEventStore({ db, service: 'branches', hints });
    this.log = new PostgresLogReader(relayDb);
    this.streams = new StreamTransactions({ db, service: 'branches', hints, store: this.store });
    this.files = new FileService(this.streams);
    this.branches = new BranchService(this.streams, this.tokens);
    this.reaction = new WhenProjectDeletedArchiveFiles(this.streams);
  }

  static async on(test: TestDatabase): Promise<BranchesOnPostgres> {
    const { appUrl, relayUrl } = await test.migrated(branchesSchema);
    const counts = { statements: 0 };
    const open = (url: string, max: number) => openDatabase({ url, name: 'test', max, logger: silentLogger });
    return new BranchesOnPostgres(test, counted(open(appUrl, 40), counts), open(relayUrl, 2), counts);
  }

  async stop(): Promise<void> {
    await this.db.close();
    await this.relayDb.close();
    await this.test.drop();
  }

  /** How many statements `work` sent, BEGIN and COMMIT not counted. */
  async statements(work: () => Promise<unknown>): Promise<number> {
    const before = this.counts.statements;
    await work();
    return this.counts.statements - before;
  }

  /** All that is visible has its position afterwards. */
  async sequence(): Promise<void> {
    await this.relayDb.tx({}, (tx) => assignPositions(tx, 100_000));
  }

  /** What `BranchHeadMoved` said, in the order of branches and versions. */
  async moves(org: string): Promise<BranchHeadMovedV1[]> {
    const rows = await this.test.asOwner<{ data: BranchHeadMovedV1 }>(
      `select data from branches.events where org = $1 and type = 'BranchHeadMoved' order by stream, version`,
      [org],
    );
    return rows.map(({ data }) => data);
  }

  async events(org: string): Promise<string[]> {
    const rows = await this.test.asOwner<{ type: string }>(
      'select type from branches.events where org = $1 order by stream, version',
      [org],
    );
    return rows.map(({ type }) => type);
  }
}

function counted(db: Database, counts: { statements: number }): Database {
  const countedTx = (tx: Tx): Tx => ({
    query: (...args) => {
      counts.statements += 1;
      return tx.query(...args);
    },
  });
  return {
    tx: (scope, work) => db.tx(scope, (tx) => work(countedTx(tx))),
    one: (...args) => {
      counts.statements += 1;
      return db.one(...args);
    },
    close: () => db.close(),
  };
}

/** A person in an organization of their own. */
export class Someone {
  readonly actor: ActorContext;

  constructor(
    private readonly on: BranchesOnPostgres,
    readonly org: string = newOrgId(),
    readonly account: string = newAccountId(),
  ) {
    this.actor = { account, org, requestId: 'request-1' };
  }

  /** Another account that the gateway has let into the same organization. */
  colleague(): Someone {
    return new Someone(this.on, this.org);
  }

  create(with_: Partial<CreateFile> = {}): Promise<FileView> {
    const file = {
      org: this.org,
      project: newProjectId(),
      file: fileId(),
      root: 'wrk_1',
      name: 'Petstore',
      keys: [{ account: this.account, key: 'ab'.repeat(256) }],
    };
    return this.on.files.create({ ...file, ...with_ }, this.actor);
  }

  archive({ incarnation }: FileView, command = newCommandId()): Promise<void> {
    return this.on.files.archive({ org: this.org, incarnation, command }, this.actor);
  }

  token(file: FileView, snapshots: readonly string[], title?: string): string {
    return this.on.tokens.seal({
      org: this.org,
      incarnation: file.incarnation,
      account: this.account,
      records: snapshots.map((id) => ({ id, hash: hashOf(id, this.account) })),
      ...(title === undefined ? {} : { title }),
    });
  }

  push(file: FileView, snapshots: readonly string[], parent = NONE, with_: Partial<AppendSnapshots> = {}) {
    const push = {
      org: this.org,
      incarnation: file.incarnation,
      branch: 'master',
      snapshots,
      parent,
      token: this.token(file, snapshots),
      client: 'insomnia/10.1.1',
    };
    return this.on.branches.append({ ...push, ...with_ }, this.actor);
  }

  remove({ incarnation }: FileView, branch: string, command = newCommandId()): Promise<void> {
    return this.on.branches.remove({ org: this.org, incarnation, branch, command }, this.actor);
  }
}

/** The record that an account would stage: the same id of another account has another hash. */
export const hashOf = (id: string, account: string): string => `${id}${account.slice(5, 29)}`;
