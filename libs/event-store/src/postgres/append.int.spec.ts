import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fingerprintOf, newCommandId, newOrgId, type LogEvent } from '@tidemark/contracts';
import { MemoryHints, openDirect, silentLogger, type Database } from '@tidemark/runtime';
import { freshDatabase, type TestDatabase } from '@tidemark/testing';
import { anAppend, noted } from '../../test/an-append.js';
import { tallyDecider, type TallyCommand } from '../../test/tally.js';
import { handleCommand } from '../handle-command.js';
import { prepareAppend } from '../prepared-append.js';
import { assignPositions } from '../sequencer/sequencer.js';
import { verifyFolds } from '../verify-folds.js';
import { batchJson } from './append-rows.js';
import { PostgresEventStore } from './postgres-event-store.js';
import { directRelay, migrateNotes, openNotes, type NotesLog, type NotesUrls } from '../../test/notes-log.js';

let db: TestDatabase;
let urls: NotesUrls;
let log: NotesLog;

beforeAll(async () => {
  db = await freshDatabase();
  urls = { appUrl: db.urlFor('tidemark_notes_app'), relayUrl: db.urlFor('tidemark_notes_relay') };
  await migrateNotes(db.ownerUrl, urls);
  log = openNotes(urls);
});
afterAll(async () => {
  await log?.close();
  await db?.drop();
});

const times = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n));
const events = async (org: string) => (await log.store.readStream(org, 'note-1', 0, 1_000)).length;

describe('appends that are written together', () => {
  it('do not fail with one that the database refuses', async () => {
    await db.asOwner(`alter table notes.events add constraint no_poison check (type <> 'Poison')`);
    const poison = (n: number) => n % 10 === 3;
    const appends = times(40, (n) =>
      anAppend({ events: [poison(n) ? { ...noted(n), type: 'Poison' } : noted(n)] }),
    );
    const results = await Promise.allSettled(appends.map((append) => log.store.append(append)));
    expect(results.map(({ status }) => status === 'rejected')).toEqual(times(40, poison));
    for (const [n, { org }] of appends.entries()) expect(await events(org)).toBe(poison(n) ? 0 : 1);
  });

  it('are one statement, and a load is one', async () => {
    const statements: string[] = [];
    const db: Database = {
      tx: () => Promise.reject(new Error('not one statement')),
      one: (name, sql, params) => {
        statements.push(name);
        return log.app.one(name, sql, params);
      },
      close: async () => undefined,
    };
    const store = new PostgresEventStore({ db, service: 'notes', hints: new MemoryHints(silentLogger) });
    await Promise.all(times(100, () => store.append(anAppend({ events: times(50, noted) }))));
    expect(statements).toEqual(['append']);
    await store.load(newOrgId(), 'note-1', newCommandId());
    await store.readStream(newOrgId(), 'note-1', 0, 500);
    expect(statements).toEqual(['append', 'load', 'read-stream']);
  });
});

describe('an append', () => {
  it('to a stream that somebody holds is refused in time, and holds up nobody for good', async () => {
    const held = anAppend();
    await log.store.append(held);
    const { promise: holding, resolve: isHeld } = Promise.withResolvers<void>();
    const { promise: letGo, resolve: release } = Promise.withResolvers<void>();
    const holder = log.app.tx({ tenant: held.org }, async (tx) => {
      await tx.query(`select from streams where org = $1 for update`, [held.org]);
      isHeld();
      await letGo;
    });
    await holding;
    const blocked = log.store.append(anAppend({ org: held.org, expected: 1 }));
    const others = times(5, () => log.store.append(anAppend()));
    await expect(blocked).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    for (const other of others) expect(await other).toMatchObject({ outcome: 'appended' });
    release();
    await holder;
    expect(await log.store.append(anAppend({ org: held.org, expected: 1 }))).toMatchObject({ version: 2 });
  });

  it('through one process does not deadlock with those of others', async () => {
    const logs = times(3, () => openNotes(urls));
    const org = newOrgId();
    const streams = times(8, (n) => `s${n}`);
    const appends = logs.flatMap(({ store }) =>
      times(40, async (n) => {
        for (let tries = 0; tries < 1_000; tries++) {
          const stream = streams[(n * 7) % 8]!;
          const { version } = await store.load(org, stream);
          const { outcome } = await store.append(anAppend({ org, stream, expected: version }));
          if (outcome === 'appended') return;
        }
        throw new Error('never appended');
      }),
    );
    await Promise.all(appends);
    for (const { close } of logs) await close();
    const counts = await Promise.all(
      streams.map(async (stream) => (await log.store.load(org, stream)).version),
    );
    expect(counts.reduce((sum, count) => sum + count)).toBe(120);
  });

  it('sent through several processes at once is done once', async () => {
    const logs = times(4, () => openNotes(urls));
    const [append, elsewhere] = [anAppend(), { stream: 'note-2' }];
    const sent = times(32, (n) => logs[n % 4]!.store.append(n % 2 ? append : { ...append, ...elsewhere }));
    const outcomes = await Promise.all(sent);
    for (const { close } of logs) await close();
    expect(outcomes.filter(({ outcome }) => outcome === 'appended')).toHaveLength(1);
    expect(outcomes.filter(({ outcome }) => outcome === 'repeated')).toHaveLength(31);
  });
});

describe('a lost connection', () => {
  it('in the middle of batches loses nothing that was acknowledged and doubles nothing', async () => {
    const owner = await openDirect({ url: db.ownerUrl, name: 'killer', logger: silentLogger });
    let kills = 0;
    const enough = () => kills >= 5;
    const killer = async () => {
      while (!enough()) {
        const killed = await owner.query(`select pg_terminate_backend(pid) from pg_stat_activity
          where usename = 'tidemark_notes_app' and datname = current_database() and state = 'active'`);
        kills += killed.length;
      }
    };
    const writer = async () => {
      const org = newOrgId();
      let n = 0;
      for (; n < 20 || !enough(); n++) {
        const { outcome } = await log.store.append(anAppend({ org, expected: n, events: [noted(n + 1)] }));
        expect(['appended', 'repeated']).toContain(outcome);
      }
      return { org, written: n };
    };
    const [writers] = await Promise.all([Promise.all(times(8, writer)), killer()]);
    await owner.close();
    for (const { org, written } of writers) {
      const seen = await log.store.readStream(org, 'note-1', 0, 10_000);
      expect(seen.map(({ data }) => data)).toEqual(times(written, (n) => ({ n: n + 1 })));
    }
  });
});

describe('the log', () => {
  it('tells the age of the oldest event without a position, and where it ends', async () => {
    await log.sequence();
    const { head } = await log.reader.gauges();
    const at = new Date(Date.now() - 100_000).toISOString();
    await log.store.append(anAppend({ at }));
    const waiting = await log.reader.gauges();
    expect(waiting.head).toBe(head);
    expect(waiting.oldestWaitingSeconds).toBeGreaterThanOrEqual(100);
    await log.sequence();
    expect(await log.reader.gauges()).toEqual({ head: head + 1, oldestWaitingSeconds: 0 });
  });

  it('gives positions to a slow transaction that is older than all that was settled since', async () => {
    await log.sequence();
    const [slow, quick] = [anAppend(), anAppend()];
    const { promise: written, resolve: isWritten } = Promise.withResolvers<void>();
    const { promise: letGo, resolve: release } = Promise.withResolvers<void>();
    const open = log.app.tx({ tenant: slow.org }, async (tx) => {
      await tx.query('select * from append_batch($1)', [batchJson([prepareAppend(slow)])]);
      isWritten();
      await letGo;
    });
    await written;
    const leader = await directRelay(urls);
    let since: string | undefined;
    const orgsGiven = async () => {
      const before = await log.reader.head();
      since = (await assignPositions(leader, 100, since)).settled;
      return (await log.reader.read(before, 100)).map(({ org }) => org);
    };
    await log.store.append(quick);
    expect(await orgsGiven()).toEqual([quick.org]);
    expect(await orgsGiven()).toEqual([]);
    release();
    await open;
    expect(await orgsGiven()).toEqual([slow.org]);
    const next = anAppend();
    await log.store.append(next);
    expect(await orgsGiven()).toEqual([next.org]);
    await leader.close();
  });

  it('settles nothing while a batch is full', async () => {
    for (let n = 0; n < 3; n++) await log.store.append(anAppend());
    const leader = await directRelay(urls);
    const { settled, commits } = await assignPositions(leader, 2);
    expect([settled, commits]).toEqual(['0', 2]);
    expect((await assignPositions(leader, 2, settled)).commits).toBe(1);
    await leader.close();
  });

  it('takes no position from the application, and no event from the relay', async () => {
    const denied = { code: '42501' };
    await expect(log.app.one('a', `select * from assign_positions(1, '0')`)).rejects.toMatchObject(denied);
    await expect(log.app.one('b', 'select * from read_log(0, 1)')).rejects.toMatchObject(denied);
    await expect(log.app.one('c', 'select * from log_head')).rejects.toMatchObject(denied);
    for (const table of ['events', 'commits']) {
      await expect(log.app.one(`d-${table}`, `update ${table} set version = 1`)).rejects.toMatchObject(
        denied,
      );
      await expect(log.app.one(`e-${table}`, `delete from ${table}`)).rejects.toMatchObject(denied);
      await expect(log.relay.one(`f-${table}`, `delete from ${table}`)).rejects.toMatchObject(denied);
      await expect(log.relay.one(`g-${table}`, `update ${table} set version = 1`)).rejects.toMatchObject(
        denied,
      );
    }
    await expect(log.app.one('h', 'delete from streams')).rejects.toMatchObject(denied);
    await expect(log.relay.one('i', 'select * from streams')).rejects.toMatchObject(denied);
    await expect(
      log.relay.one(
        'j',
        `select * from append_batch('[{"n":0,"org":"o","stream":"s","expected":0,"events":[{}]}]')`,
      ),
    ).rejects.toMatchObject(denied);
  });

  it.each([
    ['without an event', { expected: 0, events: [] }],
    ['before the first version', { expected: -1, events: [{}] }],
  ])('takes no append %s, which would stop it for everybody', async (_, wrong) => {
    const batch = JSON.stringify([{ n: 0, org: 'o', stream: 's', ...wrong }]);
    const appending = log.app.one('k', 'select * from append_batch($1)', [batch]);
    await expect(appending).rejects.toMatchObject({ code: '23514' });
  });

  it('holds states that are the fold of its events, whatever raced', async () => {
    const command = (n: number): TallyCommand => ({ kind: 'add', amounts: [n, 1] });
    const orgs = times(3, () => newOrgId());
    await Promise.all(
      times(60, (n) =>
        handleCommand(log.store, tallyDecider, {
          org: orgs[n % 3]!,
          stream: `tally-${n % 6}`,
          command: command(n),
          commandId: newCommandId(),
          fingerprint: fingerprintOf(command(n)),
          meta: { account: 'acct_1', requestId: 'req-1' },
          at: new Date(1_700_000_000_000 + n).toISOString(),
        }).catch((error: unknown) => expect(error).toMatchObject({ code: 'CONFLICT' })),
      ),
    );
    await log.sequence();
    const mine = { head: () => log.reader.head(), read: readTallies };
    const { streams, differing } = await verifyFolds(log.store, mine, () => tallyDecider);
    expect(streams).toBe(6);
    expect(differing).toEqual([]);
    await db.asOwner(
      `update notes.streams set state = state || '{"sum": -1}' where org = $1 and stream = 'tally-0'`,
      [orgs[0]],
    );
    const damaged = await verifyFolds(log.store, mine, () => tallyDecider);
    expect(damaged.differing).toMatchObject([{ org: orgs[0], stream: 'tally-0' }]);
  });

  /** The log without what other tests wrote: their states are no folds. */
  async function readTallies(after: number, limit: number): Promise<LogEvent[]> {
    const page = await log.reader.read(after, limit);
    const tallies = page.filter(({ type }) => type === 'Added');
    return tallies.length > 0 || page.length === 0 ? tallies : readTallies(page.at(-1)!.position, limit);
  }
});
