import { openDatabase, silentLogger, type Database, type Scope, type Tx } from '@tidemark/runtime';
import { freshDatabase, type TestDatabase } from '@tidemark/testing';
import { delivery, event, ORG_A, ORG_B } from '../../test/events/builders.js';
import { consumerSchema, notesOf, writeNote } from '../../test/events/consumer-schema.js';
import type { Delivery } from '../events/delivery.js';
import { toWire } from '../events/wire.js';
import type { EventHandler } from './handler.js';
import { Inbox } from './inbox.js';
import { PostgresInboxStore } from './postgres-inbox-store.js';

let test: TestDatabase;
let db: Database;
const { signal } = new AbortController();

beforeAll(async () => {
  test = await freshDatabase();
  const { appUrl } = await test.migrated(consumerSchema);
  db = openDatabase({ url: appUrl, name: 'test', max: 5, logger: silentLogger });
});

beforeEach(() =>
  test.asOwner(
    'truncate hearer.heard, hearer.parked, hearer.parked_streams, hearer.unreadable, hearer.notes',
  ),
);

afterAll(async () => {
  await db?.close();
  await test?.drop();
});

/** Counts transactions, and the statements that were sent inside of them. */
function counted(inner: Database) {
  const seen = { transactions: 0, statements: 0 };
  const counting: Database = {
    tx: (scope: Scope, work: (tx: Tx) => Promise<never>) => {
      seen.transactions += 1;
      return inner.tx(scope, (tx) =>
        work({
          query: (sql, params, name) => {
            seen.statements += 1;
            return tx.query(sql, params, name);
          },
        }),
      );
    },
    one: (name, sql, params) => inner.one(name, sql, params),
    close: () => inner.close(),
  };
  return { seen, counting };
}

/** One statement, however many events. */
const inOneStatement: EventHandler = async (events, tx) => {
  await tx.query(
    `insert into notes (org, tenant, stream, version, data)
     select $1, $1, s, v, '{}' from unnest($2::text[], $3::bigint[]) as n (s, v)`,
    [events[0]!.org, events.map(({ stream }) => stream), events.map(({ version }) => version)],
  );
};

const eachAlone: EventHandler = async (events, tx) => {
  for (const one of events) await writeNote(one, tx);
};

const inbox = (database: Database, hear: EventHandler) =>
  new Inbox({
    source: 'orgs.events',
    store: new PostgresInboxStore(database),
    hear,
    logger: silentLogger,
    retries: { pausesMs: [0] },
  });

const batchOf = (org: string, streams: number, versions: number): Delivery[] =>
  Array.from({ length: streams * versions }, (_, n) =>
    delivery(org, `s${n % streams}`, 1 + Math.floor(n / streams)),
  );

describe('the inbox in Postgres', () => {
  it('takes three statements per organization and batch beside BEGIN and COMMIT, however many events', async () => {
    const { seen, counting } = counted(db);
    const { deliver } = bound(inbox(counting, inOneStatement));
    await deliver([...batchOf(ORG_A, 20, 10), ...batchOf(ORG_B, 5, 10)]);
    expect(seen).toEqual({ transactions: 2, statements: 2 * 3 });
    expect(await notesOf(db, [ORG_A, ORG_B])).toHaveLength(250);
  });

  it('takes one statement for repeats, and one more when it parks', async () => {
    const { seen, counting } = counted(db);
    const { deliver } = bound(inbox(counting, inOneStatement));
    await deliver(batchOf(ORG_A, 20, 10));
    Object.assign(seen, { transactions: 0, statements: 0 });
    await deliver(batchOf(ORG_A, 20, 10));
    expect(seen).toEqual({ transactions: 1, statements: 1 });
    await deliver([delivery(ORG_A, 's0', 11), delivery(ORG_A, 's1', 13)]);
    expect(seen).toEqual({ transactions: 2, statements: 1 + 4 });
  });

  it('hears a new stream once when two processes hear it at the same moment', async () => {
    let meet = 0;
    const both = Promise.withResolvers<void>();
    const meeting: EventHandler = async (events, tx) => {
      if (++meet === 2) both.resolve();
      if (meet <= 2) await both.promise;
      await eachAlone(events, tx);
    };
    const batch = batchOf(ORG_A, 2, 3);
    await Promise.all([bound(inbox(db, meeting)).deliver(batch), bound(inbox(db, meeting)).deliver(batch)]);
    expect(meet).toBeGreaterThanOrEqual(2);
    expect(await notesOf(db, [ORG_A])).toHaveLength(6);
    expect(await new PostgresInboxStore(db).parkedMessages()).toBe(0);
  });

  it('keeps a parked message byte for byte, whatever is in it', async () => {
    const store = new PostgresInboxStore(db);
    const wire = {
      headers: { ...toWire(event(ORG_A, 's', 1)).headers, type: 'a\u0000b' },
      value: Buffer.from([0x00, 0xff, 0x22, 0x5c]),
    };
    await store.inOrg('orgs.events', ORG_A, async (tx) => {
      await tx.park([{ stream: 's', version: 1, wire, reason: 'odd' }]);
      await tx.park([{ stream: 's', version: 1, wire, reason: 'odd' }]);
      expect(await tx.parkedAbove('s', 0, 9)).toEqual([{ stream: 's', version: 1, wire, reason: 'odd' }]);
    });
    expect(await store.parkedStreams(9)).toEqual([
      { source: 'orgs.events', org: ORG_A, stream: 's', messages: 1 },
    ]);
  });

  it('counts what is parked of all organizations', async () => {
    const { deliver, replay } = bound(inbox(db, eachAlone));
    await deliver([delivery(ORG_A, 's', 2), delivery(ORG_A, 's', 3), delivery(ORG_B, 's', 5)]);
    const store = new PostgresInboxStore(db);
    expect(await store.parkedMessages()).toBe(3);
    await deliver([delivery(ORG_A, 's', 1)]);
    expect(await store.parkedMessages()).toBe(1);
    expect(await replay(ORG_B, 's')).toEqual({ heard: 0, stoppedBy: 'version 1 has not come' });
    expect(await store.parkedStreams(9)).toEqual([
      { source: 'orgs.events', org: ORG_B, stream: 's', messages: 1 },
    ]);
  });

  it('writes down once what nobody can read, without its contents', async () => {
    const unreadable = {
      kind: 'unreadable',
      partition: 2,
      offset: '9007199254740993',
      sha256: 'ab',
      reason: 'x',
    } as const;
    const { deliver } = bound(inbox(db, eachAlone));
    await deliver([unreadable]);
    await deliver([unreadable]);
    const sql = `select source, partition, "offset", sha256, reason from hearer.unreadable`;
    expect(await test.asOwner(sql)).toEqual([
      { source: 'orgs.events', partition: 2, offset: '9007199254740993', sha256: 'ab', reason: 'x' },
    ]);
  });

  it('does not let one organization see what is parked of another', async () => {
    await bound(inbox(db, eachAlone)).deliver([delivery(ORG_A, 's', 2)]);
    const seen = await db.tx({ tenant: ORG_B }, (tx) => tx.query('select * from parked'));
    expect(seen).toEqual([]);
    await expect(db.one('all-parked', 'select * from parked')).rejects.toThrow(
      /tenant_id is not set|row-level security/,
    );
  });

  it('does not park events because the database is away', async () => {
    const killing: EventHandler = async (_, tx) => {
      await tx.query('select pg_terminate_backend(pg_backend_pid())');
    };
    const killed = bound(inbox(db, killing)).deliver([delivery(ORG_A, 's', 1)]);
    await expect(killed).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await new PostgresInboxStore(db).parkedMessages()).toBe(0);
  });
});

const bound = (one: Inbox) => ({
  deliver: (batch: readonly Delivery[]) => one.deliver(batch, signal),
  replay: (org: string, stream: string) => one.replay(org, stream),
});
