import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LogEvent } from '@tidemark/contracts';
import { MemoryHints, migrate, openDatabase, silentLogger, type Database } from '@tidemark/runtime';
import {
  defaultCacheDir,
  pgTools,
  seededRandom,
  startPostgres,
  temporaryDir,
  type Running,
} from '@tidemark/testing';
import pg from 'pg';
import { Leadership } from '../../src/sequencer/leadership.js';
import { assignPositions, sequencer } from '../../src/sequencer/sequencer.js';
import { directRelay, notes, openNotes, type NotesLog, type NotesUrls } from '../notes-log.js';
import { Follower, followerOf } from './follower.js';
import { judgeHistory, type CommittedEvent } from './history.js';
import { scribbles, writeSlowly } from './slow-writers.js';

const random = seededRandom();
const EVENTS = 2_000;

/** A cluster of its own with the migrated service in it, as an owner and as its processes see it. */
interface Cluster {
  readonly server: Running;
  readonly dataDir: string;
  readonly owner: pg.Client;
  readonly urls: NotesUrls;
}

const clusters: Cluster[] = [];
const closing: { close(): Promise<void> }[] = [];

async function freshCluster(): Promise<Cluster> {
  const dataDir = temporaryDir('slow-transactions');
  const server = await startPostgres({ dataDir, settings: { fsync: 'off' } });
  const urlFor = (role: string) =>
    Object.assign(new URL(server.url), { username: role, password: 'test' }).href;
  const urls = { appUrl: urlFor('tidemark_notes_app'), relayUrl: urlFor('tidemark_notes_relay') };
  const owner = new pg.Client({ connectionString: server.url });
  owner.on('error', () => undefined);
  await owner.connect();
  const cluster = { server, dataDir, owner, urls };
  clusters.push(cluster);
  return cluster;
}

const migrateIn = ({ server, urls }: Cluster) =>
  migrate({
    ownerUrl: server.url,
    ...urls,
    service: { ...notes, migrations: [...notes.migrations, scribbles] },
    logger: silentLogger,
  });

function open({ urls }: Cluster): { log: NotesLog; writers: Database; hints: MemoryHints } {
  const hints = new MemoryHints(silentLogger);
  const log = openNotes(urls, hints);
  const writers = openDatabase({ url: urls.appUrl, name: 'writers', max: 32, logger: silentLogger });
  closing.push(log, writers);
  return { log, writers, hints };
}

/** Runs `work` again and again until it is told to stop. */
function again(work: () => Promise<void>): { stop(): Promise<void> } {
  let stopping = false;
  const running = (async () => {
    while (!stopping) await work();
  })();
  return {
    stop: async () => {
      stopping = true;
      await running;
    },
  };
}

/** Two that obey the lock. */
const candidates = (cluster: Cluster, hints: MemoryHints): Leadership[] =>
  [1, 2].map(() => {
    const leadership = new Leadership({
      service: notes.name,
      connect: () => directRelay(cluster.urls),
      tasks: [sequencer({ service: notes.name, hints, pollMs: 10 })],
      logger: silentLogger,
      pauseMs: 20,
    });
    leadership.start();
    return leadership;
  });

/** One that believes it leads and asks nobody. */
function usurper({ urls }: Cluster): { stop(): Promise<void> } {
  const connecting = directRelay(urls);
  let since: string | undefined;
  const rounds = again(async () => {
    since = (await assignPositions(await connecting, 1 + random.below(5), since)).settled;
    await pause(random.below(20));
  });
  return {
    stop: async () => {
      await rounds.stop();
      await (await connecting).close();
    },
  };
}

interface Kills {
  /** Sequencers killed between giving positions and their commit. */
  beforeCommit: number;
  leaders: number;
}

function killer({ urls, owner }: Cluster, kills: Kills): { stop(): Promise<void> } {
  return again(async () => {
    await pause(100);
    const victim = await directRelay(urls);
    const [row] = await victim.query<{ pid: number }>('select pg_backend_pid() as pid');
    await victim.query('begin');
    const { commits } = await assignPositions(victim, 3);
    await owner.query('select pg_terminate_backend($1, 5000)', [row!.pid]);
    if (commits > 0) kills.beforeCommit++;
    await victim.close();
    const { rowCount } = await owner.query(`select pg_terminate_backend(pid) from pg_locks
      where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())`);
    kills.leaders += rowCount ?? 0;
  });
}

/** Holds a transaction id of the same cluster, as a neighbour's long job does. */
async function openWriteElsewhere({ owner, server }: Cluster): Promise<{ end(): Promise<void> }> {
  await owner.query('create database elsewhere');
  const client = new pg.Client({
    connectionString: Object.assign(new URL(server.url), { pathname: '/elsewhere' }).href,
  });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('begin; create table held (n int); insert into held values (1)');
  return { end: () => client.end() };
}

const until = async (holds: () => boolean | Promise<boolean>) => {
  while (!(await holds())) await pause(5);
};

/** Nothing waits for a position, and the follower has passed the last one: what it has not seen now, it never will. */
async function isThrough(follower: Follower<LogEvent>, { reader }: NotesLog): Promise<boolean> {
  const { head, oldestWaitingSeconds } = await reader.gauges();
  return oldestWaitingSeconds === 0 && follower.seen.at(-1)?.position === head;
}

/** What readers do who order by an id that is given before the commit. */
async function naiveFollower({ owner }: Cluster): Promise<Follower<{ place: number }>> {
  await owner.query('alter table notes.events add column place bigint generated always as identity');
  const read = async (after: number, limit: number) =>
    (
      await owner.query<{ place: number }>(
        'select place::float8 as place from notes.events where place > $1 order by place limit $2',
        [after, limit],
      )
    ).rows;
  return new Follower(read, ({ place }) => place);
}

const xid = async ({ owner }: Cluster) =>
  Number((await owner.query<{ xid: string }>('select pg_current_xact_id()::text as xid')).rows[0]!.xid);

const run = promisify(execFile);

/** A logical dump of the first cluster, restored into one that has never held anything. */
async function restoredInto(fresh: Cluster, from: Cluster): Promise<void> {
  const tools = await pgTools(defaultCacheDir(process.env, process.getuid?.() === 0));
  const file = join(from.dataDir, 'log.dump');
  await run(join(tools, 'pg_dump'), ['--format=custom', `--file=${file}`, from.server.url]);
  for (const role of ['app', 'relay']) await fresh.owner.query(`create role tidemark_notes_${role}`);
  await run(join(tools, 'pg_restore'), ['--exit-on-error', `--dbname=${fresh.server.url}`, file]);
  await migrateIn(fresh);
}

let first: Cluster;
beforeAll(async () => {
  first = await freshCluster();
  await migrateIn(first);
});

afterAll(async () => {
  for (const open of closing) await open.close();
  for (const { owner, server, dataDir } of clusters) {
    await owner.end();
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
});

describe('a follower of the log', () => {
  it('misses nothing and hears nothing twice, however slow transactions are, and through a restore', async () => {
    const committed: CommittedEvent[] = [];
    const kills: Kills = { beforeCommit: 0, leaders: 0 };
    const { log, writers, hints } = open(first);
    const follower = followerOf(log.reader);
    const naive = await naiveFollower(first);
    const elsewhere = await openWriteElsewhere(first);
    const leaderships = candidates(first, hints);
    const others = [usurper(first), killer(first, kills)];
    follower.start();
    naive.start();

    const slow = await writeSlowly({ db: writers, random, writers: 32, events: EVENTS, sleepMs: 200 });
    committed.push(...slow.committed);
    await until(() => isThrough(follower, log));
    for (const other of [...others, ...leaderships, follower]) await other.stop();
    await until(async () => (await newestPlace()) === naive.seen.at(-1)?.place);
    await naive.stop();
    await elsewhere.end();
    expect(judgeHistory(follower.seen, committed)).toEqual({ skipped: 0, doubled: 0, wrong: [] });
    expect(slow.rolledBack).toBeGreaterThan(0);
    expect(kills.beforeCommit).toBeGreaterThan(0);
    expect(kills.leaders).toBeGreaterThan(0);
    // The same workload, read in the order of an id: if this reader missed nothing, the workload would prove nothing.
    const naiveSkipped = committed.length - naive.seen.length;
    expect(naiveSkipped).toBeGreaterThan(0);

    const unnumbered = await writeSlowly({ db: writers, random, writers: 4, events: 20, sleepMs: 10 });
    committed.push(...unnumbered.committed);
    const fresh = await freshCluster();
    await restoredInto(fresh, first);
    expect(await xid(fresh)).toBeLessThan(await xid(first));
    const restored = open(fresh);
    follower.continueWith((after, limit) => restored.log.reader.read(after, limit));
    const successors = candidates(fresh, restored.hints);
    const more = await writeSlowly({ db: restored.writers, random, writers: 8, events: 100, sleepMs: 50 });
    committed.push(...more.committed);
    await until(() => isThrough(follower, restored.log));
    for (const other of [...successors, follower]) await other.stop();

    const { skipped, doubled, wrong } = judgeHistory(follower.seen, committed);
    console.log(
      `GATE R13 events=${committed.length} skipped=${skipped} doubled=${doubled} restores=1 seed=${random.seed}`,
    );
    console.log(
      `a reader by id skipped ${naiveSkipped}; ${kills.beforeCommit} + ${kills.leaders} sequencers killed`,
    );
    expect({ skipped, doubled, wrong }).toEqual({ skipped: 0, doubled: 0, wrong: [] });
    expect(await restored.log.reader.head()).toBe(committed.length);
  }, 120_000);

  const newestPlace = async () =>
    (await first.owner.query<{ place: number }>('select max(place)::float8 as place from notes.events'))
      .rows[0]!.place;
});
