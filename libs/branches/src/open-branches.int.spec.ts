import {
  branchMessages,
  eventTopics,
  newAccountId,
  newCommandId,
  newOrgId,
  newProjectId,
  projectDeleted,
  type ActorContext,
  type FileView,
} from '@tidemark/contracts';
import { MemoryLog, MemoryLogReader } from '@tidemark/event-store';
import { MemoryHints, silentLogger, startService, type Service } from '@tidemark/runtime';
import { freshDatabase, type TestDatabase } from '@tidemark/testing';
import {
  ActorSigner,
  connectRequests,
  InProcessRequests,
  LogSource,
  RequestsServer,
  StageTokens,
} from '@tidemark/transport';
import { setTimeout as pause } from 'node:timers/promises';
import { branchesSchema } from './branches.schema.js';
import { openBranches, type Branches } from './open-branches.js';

const actorKey = Buffer.from('k'.repeat(32));
const hints = new MemoryHints(silentLogger);
const orgsLog = new MemoryLog();

let database: TestDatabase;
let branches: Branches;
let service: Service;
let requests: InProcessRequests;

/** The whole service as an app puts it together, with a log of `orgs` in memory. */
beforeAll(async () => {
  database = await freshDatabase();
  branches = await openBranches({
    ...(await database.migrated(branchesSchema)),
    connections: 1,
    hints,
    logger: silentLogger,
    stallLimitMs: 60_000,
    retries: { pausesMs: [] },
    onStalled: () => undefined,
    actorKey,
    sources: (checkpoints) => ({
      [eventTopics.orgs]: new LogSource({
        source: eventTopics.orgs,
        log: new MemoryLogReader(orgsLog),
        hints,
        hint: 'log:orgs',
        logger: silentLogger,
        pollMs: 20,
        checkpoints,
      }),
    }),
  });
  const server = new RequestsServer({ actorKey, logger: silentLogger });
  requests = new InProcessRequests(server, new ActorSigner(actorKey));
  service = await startService(branches.module, {
    name: 'branches',
    host: '127.0.0.1',
    port: 0,
    logger: silentLogger,
    hints,
    connect: (app) => {
      connectRequests(app, server);
      app.connectMicroservice({ strategy: branches.events });
    },
  });
});
afterAll(async () => {
  await service.close();
  await database.drop();
});

class Caller {
  readonly account = newAccountId();
  readonly org = newOrgId();
  readonly actor: ActorContext = { account: this.account, org: this.org, requestId: 'request-1' };

  ask<Reply>(pattern: string, payload: object, actor: Partial<ActorContext> = {}): Promise<Reply> {
    return requests.send(pattern, payload, { actor: { ...this.actor, ...actor } });
  }

  create(project = newProjectId()): Promise<FileView> {
    return this.ask(branchMessages.createFile, {
      org: this.org,
      project,
      file: `prj_${newCommandId().replaceAll('-', '')}`,
      root: 'wrk_1',
      name: 'Petstore',
      keys: [{ account: this.account, key: 'ab'.repeat(256) }],
    });
  }
}

const id = 'a'.repeat(40);
const none = '0'.repeat(40);

/** Every message that names an organization, about a file that is there. */
const messages = ({ org, incarnation, project, file }: FileView, { account }: Caller) => {
  const records = [{ id, hash: 'b'.repeat(64) }];
  const token = new StageTokens(actorKey).seal({ org, incarnation, account, records });
  const keys = [{ account, key: 'ab'.repeat(256) }];
  return {
    [branchMessages.listFiles]: { org },
    [branchMessages.createFile]: { org, project, file, root: 'wrk_1', name: 'Petstore', keys },
    [branchMessages.fileKey]: { org, incarnation },
    [branchMessages.append]: {
      org,
      incarnation,
      branch: 'master',
      snapshots: [id],
      parent: none,
      token,
      client: '',
    },
    [branchMessages.getBranch]: { org, incarnation, branch: 'master' },
    [branchMessages.listBranches]: { org, incarnation, withSnapshots: true },
    [branchMessages.accepted]: { org, incarnation, snapshots: [id] },
    [branchMessages.removeBranch]: { org, incarnation, branch: 'fork', command: newCommandId() },
    [branchMessages.archiveFile]: { org, incarnation, command: newCommandId() },
  };
};

it('answers every message over requests', async () => {
  const me = new Caller();
  const file = await me.create();
  const replies: Record<string, unknown> = {};
  for (const [pattern, payload] of Object.entries(messages(file, me)))
    replies[pattern] = await me.ask(pattern, payload);
  const accepted = [{ id, hash: 'b'.repeat(64), pushedBy: me.account }];
  const branch = { name: 'master', snapshots: [id] };
  expect(replies).toEqual({
    [branchMessages.listFiles]: [file],
    [branchMessages.createFile]: file,
    [branchMessages.fileKey]: { key: 'ab'.repeat(256) },
    [branchMessages.append]: { accepted },
    [branchMessages.getBranch]: expect.objectContaining(branch),
    [branchMessages.listBranches]: [expect.objectContaining(branch)],
    [branchMessages.accepted]: { accepted },
    [branchMessages.removeBranch]: null,
    [branchMessages.archiveFile]: null,
  });
  expect(await me.ask(branchMessages.findFile, { file: file.file, orgs: [me.org] })).toEqual([]);
});

it('knows no other organization than the one that the actor was let into', async () => {
  const me = new Caller();
  const file = await me.create();
  const tried = Object.entries(messages(file, me));
  expect(tried).toHaveLength(Object.keys(branchMessages).length - 1);
  for (const [pattern, payload] of tried)
    for (const org of [new Caller().org, ''])
      await expect(me.ask(pattern, payload, { org })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await me.ask(branchMessages.listFiles, { org: me.org })).toEqual([file]);
  expect(await me.ask(branchMessages.getBranch, { ...file, branch: 'master' })).toBeNull();
});

it('refuses what breaks the rules of a message, and names the field', async () => {
  const me = new Caller();
  const file = await me.create();
  const all = messages(file, me);
  const append = all[branchMessages.append];
  const create = all[branchMessages.createFile];
  const wrong: [string, object, string][] = [
    [branchMessages.append, { ...append, snapshots: ['A'.repeat(40)] }, 'snapshots'],
    [branchMessages.append, { ...append, parent: 'none' }, 'parent'],
    [branchMessages.createFile, { ...create, keys: [] }, 'keys'],
    [branchMessages.createFile, { ...create, file: 'wrk_1' }, 'file'],
    [branchMessages.createFile, { ...create, root: 'wrk_\u0000x' }, 'root'],
    [branchMessages.createFile, { ...create, name: 'a\nb' }, 'name'],
    [branchMessages.findFile, { file: file.file, orgs: ['org_1'] }, 'orgs'],
    [branchMessages.archiveFile, { ...all[branchMessages.archiveFile], command: 'again' }, 'command'],
  ];
  for (const [pattern, payload, field] of wrong)
    await expect(me.ask(pattern, payload)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: [expect.objectContaining({ field })],
    });
});

it('hears that a project was deleted, on a pool that was given one connection only', async () => {
  const me = new Caller();
  const project = newProjectId();
  const file = await me.create(project);
  orgsLog.add([
    {
      ...projectDeleted({ project }),
      org: me.org,
      stream: `project-${project}`,
      version: 1,
      id: newCommandId(),
      meta: { account: me.account, requestId: 'request-1', command: newCommandId() },
      at: new Date().toISOString(),
    },
  ]);
  const found = () => me.ask<FileView[]>(branchMessages.findFile, { file: file.file, orgs: [me.org] });
  for (let tries = 0; (await found()).length > 0; tries++) {
    expect(tries).toBeLessThan(500);
    await pause(20);
  }
  expect(await branches.parkedMessages()).toBe(0);
});

it('gives its events their places in a log that others can hear', async () => {
  const me = new Caller();
  await me.create();
  const mine = async () => (await branches.log.read(0, 10_000)).filter(({ org }) => org === me.org);
  for (let tries = 0; (await mine()).length === 0; tries++) {
    expect(tries).toBeLessThan(500);
    await pause(20);
  }
  expect(await mine()).toMatchObject([{ type: 'FileCreated', meta: { account: me.account } }]);
});
