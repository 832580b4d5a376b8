import type { LogEvent } from '@tidemark/contracts';
import type { LogReader } from '@tidemark/event-store';
import {
  openDatabase,
  openDirect,
  silentLogger,
  type Database,
  type DirectConnection,
} from '@tidemark/runtime';
import { freshDatabase, type TestDatabase } from '@tidemark/testing';
import { ORG_A, ORG_B, positioned, stream } from '../../../test/events/builders.js';
import { tally, tallySchema } from '../../../test/events/consumer-schema.js';
import { Inbox } from '../../inbox/inbox.js';
import { PostgresInboxStore } from '../../inbox/postgres-inbox-store.js';
import { compareProjection, rebuildProjection } from './rebuild.js';

const events = positioned([
  ...stream(ORG_A, 'alpha', 9),
  ...stream(ORG_B, 'alpha', 4),
  ...stream(ORG_A, 'beta', 5),
]);
const log: LogReader = {
  read: async (after, limit) => events.slice(after, after + Math.min(limit, 4)),
  head: async () => events.length,
};

let test: TestDatabase;
let db: Database;
let inbox: Inbox;
const owners: DirectConnection[] = [];

beforeAll(async () => {
  test = await freshDatabase();
  const { appUrl } = await test.migrated(tallySchema);
  db = openDatabase({ url: appUrl, name: 'test', max: 3, logger: silentLogger });
  const options = { source: tally.name, store: new PostgresInboxStore(db), logger: silentLogger };
  inbox = new Inbox({ ...options, hear: tally.hear });
});

beforeEach(() => test.asOwner('truncate tallies.heard, tallies.parked, tallies.tallies, tallies.by_account'));

afterAll(async () => {
  for (const owner of owners) await owner.close();
  const role = `owner_of_${test.name}`;
  await test.asOwner(`reassign owned by ${role} to current_user; drop owned by ${role}; drop role ${role}`);
  await db?.close();
  await test?.drop();
});

async function ownedBy(url: string) {
  const owner = await openDirect({ url, name: 'test owner', logger: silentLogger });
  owners.push(owner);
  return { owner, schema: 'tallies', log, projection: tally };
}

const hear = (some: readonly LogEvent[]) =>
  inbox.deliver(
    some.map((event) => ({ kind: 'event', event })),
    new AbortController().signal,
  );

const damage = () =>
  test.asOwner(`update tallies.tallies set events = events + 1 where stream = 'beta';
                delete from tallies.by_account where org = '${ORG_B}'`);

/** An ordinary role that owns the schema, as where nobody gets to be superuser. */
async function plainOwner(): Promise<string> {
  const role = `owner_of_${test.name}`;
  const tables = ['heard', 'parked', 'parked_streams', 'unreadable', 'checkpoints', 'tallies', 'by_account'];
  await test.asOwner(`create role ${role} login password 'only-for-tests' nosuperuser nobypassrls`);
  await test.asOwner(
    `grant temporary on database ${test.name} to ${role}; grant usage on schema tallies to ${role}`,
  );
  for (const table of tables) await test.asOwner(`alter table tallies.${table} owner to ${role}`);
  return test.urlFor(role);
}

describe.each([
  ['a superuser', async () => test.ownerUrl],
  ['an ordinary owner, who is bound by row security', plainOwner],
])('for %s', (_, urlOf) => {
  let options: Awaited<ReturnType<typeof ownedBy>>;

  beforeAll(async () => (options = await ownedBy(await urlOf())));

  it('a projection that heard everything, some of it twice, equals its rebuild', async () => {
    await hear(events.slice(0, 12));
    await hear(events);
    expect(await compareProjection(options)).toEqual({ events: 18, rows: 5, differences: [] });
  });

  it('a projection that is behind equals its rebuild from what it has heard', async () => {
    await hear(events.slice(0, 11));
    expect(await compareProjection(options)).toEqual({ events: 11, rows: 4, differences: [] });
  });

  it('a row that is wrong or missing is found, and comparing changes nothing', async () => {
    await hear(events);
    await damage();
    const compared = await compareProjection(options);
    expect(compared.differences.map((one) => one.slice(0, 12)).sort()).toEqual([
      '+ tallies {"',
      '- by_account',
      '- tallies {"',
    ]);
    expect((await compareProjection(options)).differences).toHaveLength(3);
  });

  it('a rebuild mends it, says what was wrong, and the consumer goes on', async () => {
    await hear(events.slice(0, 14));
    await test.asOwner(`update tallies.tallies set events = 77 where stream = 'beta'`);
    expect((await rebuildProjection(options)).differences).toHaveLength(2);
    await hear(events);
    expect(await compareProjection(options)).toMatchObject({ events: 18, differences: [] });
  });

  it('row security is in force afterwards', async () => {
    await rebuildProjection(options);
    const [row] = await test.asOwner<{ forced: boolean }>(
      `select bool_and(relforcerowsecurity) as forced from pg_class
       where relnamespace = 'tallies'::regnamespace and relname in ('tallies', 'by_account', 'heard', 'parked')`,
    );
    expect(row).toEqual({ forced: true });
  });
});
