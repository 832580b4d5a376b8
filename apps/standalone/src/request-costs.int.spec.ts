import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { FilesystemBlobStore } from '@tidemark/blob-store';
import { Account, operations, type Operation } from '@tidemark/device';
import { newSymmetricKey, noParent, snapshotId, wrapFileKey } from '@tidemark/e2ee';
import { currentRequestId, type Closable } from '@tidemark/runtime';
import { freshDatabase, type TestDatabase } from '@tidemark/testing';
import pg from 'pg';
import { startStandalone } from './standalone.js';

/** What one request of the desktop app's door has cost, by where it was spent. */
interface Cost {
  readonly sql: Record<string, number>;
  readonly blobs: number;
  readonly events: number;
}

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');
const kinds = [
  'projects',
  'project',
  'branches',
  'branch',
  'missingBlobs',
  'blobsCreate',
  'projectKey',
  'snapshotsPush',
  'snapshots',
  'blobs',
] as const;
type Kind = (typeof kinds)[number];

describe('what a request costs, all services in this process', () => {
  const spent = new Map<string, { sql: Record<string, number>; blobs: number }>();
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-costs-'));
  const settings = { TIDEMARK_DATA_DIR: folder, TIDEMARK_PORT: '0', TIDEMARK_LOG_LEVEL: 'silent' };
  const undo: (() => void)[] = [];
  let database: TestDatabase;
  let product: Closable;
  let url: string;
  let session: string;
  let account: Account;

  const costOf = (id: string | undefined) => {
    if (id === undefined) return undefined;
    if (!spent.has(id)) spent.set(id, { sql: {}, blobs: 0 });
    return spent.get(id)!;
  };

  beforeAll(async () => {
    database = await freshDatabase();
    Object.assign(process.env, settings, { TIDEMARK_DATABASE_URL: database.ownerUrl });
    undo.push(
      countStatements((service) => {
        const cost = costOf(currentRequestId());
        if (cost) cost.sql[service] = (cost.sql[service] ?? 0) + 1;
      }),
    );
    undo.push(
      countBlobOperations(() => {
        const cost = costOf(currentRequestId());
        if (cost) cost.blobs += 1;
      }),
    );
    const said: string[] = [];
    const write = jest
      .spyOn(process.stdout, 'write')
      .mockImplementation((text) => said.push(String(text)) > 0);
    const complain = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    product = await startStandalone();
    for (const spy of [write, complain]) spy.mockRestore();
    url = /api=(\S+)/.exec(said.join(''))![1]!;
    const person = { email: `${hex(6)}@example.test`, passphrase: 'correct horse battery' };
    ({ account } = await Account.signUp({ url }, person));
    session = (await account.startAppSession({ device: 'costs' })).id;
  });

  afterAll(async () => {
    await product.close();
    undo.forEach((each) => each());
    for (const name of [...Object.keys(settings), 'TIDEMARK_DATABASE_URL']) delete process.env[name];
    await database.drop();
    rmSync(folder, { recursive: true });
  });

  async function ask<Variables, Data>(operation: Operation<Variables, Data>, variables: Variables) {
    const id = `desk_${hex(16)}`;
    const response = await fetch(`${url}/graphql?${operation.label}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-session-id': session, 'insomnia-request-id': id },
      body: JSON.stringify({ query: operation.query, variables }),
    });
    const { data, errors } = (await response.json()) as { data: Record<string, unknown>; errors?: unknown };
    if (errors !== undefined) throw new Error(`${operation.label}: ${JSON.stringify(errors)}`);
    const [{ events }] = (await database.asOwner<{ events: number }>(EVENTS, [id])) as [{ events: number }];
    return { data, cost: { sql: costOf(id)!.sql, blobs: costOf(id)!.blobs, events } };
  }

  /** A file whose first push has this many documents; the costs of each request of push and pull. */
  async function pushAndPull(documents: number): Promise<Record<Kind, Cost>> {
    const { personalOrg, id: own, publicKey } = account.view;
    const [teamId, teamProjectId, id] = [personalOrg, `proj_${personalOrg}`, `prj_${hex(16)}`];
    const encSymmetricKey = await wrapFileKey(newSymmetricKey(), publicKey);
    const teamKeys = [{ accountId: own, encSymmetricKey, autoLinked: false }];
    await ask(operations.createProject, {
      id,
      name: 'Costs',
      rootDocumentId: `wrk_${hex(16)}`,
      teamId,
      teamProjectId,
      teamKeys,
    });
    const blobs = Array.from({ length: documents }, () => ({
      id: hex(20),
      content: JSON.stringify({ iv: hex(12), t: hex(16), ad: '', d: hex(300) }),
    }));
    const ids = blobs.map((blob) => blob.id);
    const state = ids.map((blob) => ({ key: `req_${hex(16)}`, blob, name: 'One' }));
    const created = new Date().toISOString();
    const snapshot = {
      id: snapshotId(id, noParent, ids),
      parent: noParent,
      created,
      author: own,
      name: 'First',
      description: '',
      state,
    };
    const [projectId, branch] = [id, 'master'];
    const cost = async <V, D>(operation: Operation<V, D>, variables: V) =>
      (await ask(operation, variables)).cost;
    const pushed = {
      project: await cost(operations.project, { id }),
      missingBlobs: await cost(operations.missingBlobs, { projectId, ids }),
      projectKey: await cost(operations.projectKey, { projectId }),
      blobsCreate: await cost(operations.blobsCreate, { projectId, blobs }),
      snapshotsPush: await cost(operations.snapshotsPush, {
        projectId,
        branchName: branch,
        snapshots: [snapshot],
      }),
    };
    await accepted(snapshot.id);
    return {
      ...pushed,
      projects: await cost(operations.projects, { teamId, teamProjectId }),
      branches: await cost(operations.branches, { projectId }),
      branch: await cost(operations.branch, { projectId, branch }),
      snapshots: await cost(operations.snapshots, { projectId, ids: [snapshot.id] }),
      blobs: await cost(operations.blobs, { projectId, ids }),
    };
  }

  /** A reader who is quicker than the event asks for it: once, and not every time. */
  async function accepted(id: string): Promise<void> {
    while ((await database.asOwner(ACCEPTED, [id])).length === 0) await pause(20);
  }

  it('is the same for one object and for a thousand', async () => {
    const [one, thousand] = [await pushAndPull(1), await pushAndPull(1_000)];
    for (const [objects, costs] of [
      [1, one],
      [1_000, thousand],
    ] as const)
      for (const kind of kinds) process.stdout.write(`${line(kind, objects, costs[kind])}\n`);
    expect(kinds.map((kind) => settled(thousand[kind]))).toEqual(kinds.map((kind) => settled(one[kind])));
    expect(settled(one.snapshotsPush)).toMatchObject({ blobs: 0, events: 1 });
    expect(settled(one.blobsCreate)).toMatchObject({ blobs: 1, events: 0 });
  });
});

/** Who somebody is and what they may reach is kept for a moment: what is asked of `orgs` depends on the clock. */
const settled = ({ sql: { orgs: _, ...sql }, ...cost }: Cost) => ({ ...cost, sql });

const line = (kind: Kind, objects: number, { sql, blobs, events }: Cost) =>
  `COUNT ${kind} sql=${['branches', 'snapshots'].map((name) => `${name}:${sql[name] ?? 0}`).join('+')} blobs=${blobs} events=${events} objects=${objects}`;

const ACCEPTED = `select 1 from snapshots.snapshots where id = decode($1, 'hex') and accepted_at is not null`;

const EVENTS = `select (select count(*) from branches.events e join branches.commits c using (org, command) where c.request_id = $1)::int
  + (select count(*) from orgs.events e join orgs.commits c using (org, command) where c.request_id = $1)::int as events`;

/** BEGIN and COMMIT are counted too: each is a round trip. */
function countStatements(count: (service: string) => void): () => void {
  return wrapped(pg.Client.prototype, 'query', (client) => {
    const { connectionParameters } = client as { connectionParameters: { application_name?: string } };
    count(connectionParameters.application_name?.split(' ')[1] ?? 'other');
  });
}

function countBlobOperations(count: () => void): () => void {
  const undo = (['put', 'read', 'readWhole'] as const).map((name) =>
    wrapped(FilesystemBlobStore.prototype, name, count),
  );
  return () => undo.forEach((each) => each());
}

/** Calls `before` with the object that a method is called on; gives back what undoes it. */
function wrapped<T extends object>(prototype: T, name: keyof T, before: (on: unknown) => void): () => void {
  const work = prototype[name] as (...args: unknown[]) => unknown;
  prototype[name] = function (this: unknown, ...args: unknown[]) {
    before(this);
    return work.apply(this, args);
  } as T[keyof T];
  return () => {
    prototype[name] = work as T[keyof T];
  };
}
