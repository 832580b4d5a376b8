import { newCommandId, newOrgId } from '@tidemark/contracts';
import {
  openDatabase,
  silentLogger,
  tenantTable,
  type Database,
  type Hints,
  type ServiceSchema,
  type Tx,
} from '@tidemark/runtime';
import { freshDatabase, type TestDatabase } from '@tidemark/testing';
import type { CommandContext } from '../handle-command.js';
import { tallyDecider, type Tally, type TallyCommand } from '../../test/tally.js';
import { eventLogMigrations } from './event-log-migration.js';
import { PostgresEventStore } from './postgres-event-store.js';
import { StreamTransactions, type StreamTx } from './stream-transactions.js';

/** A service that keeps a row beside each event. */
const beside: ServiceSchema = {
  name: 'beside',
  migrations: [
    ...eventLogMigrations,
    {
      name: '100-sums',
      sql: `create table sums (org text, n integer, stream text not null, sum integer not null, primary key (org, n, stream));
        ${tenantTable('sums')}
        grant select, insert on sums to {{app}};`,
    },
  ],
};

let test: TestDatabase;
let db: Database;
let hinted: string[];
let statements: number;

const hints: Hints = {
  publish: (topic) => void hinted.push(topic),
  subscribe: () => () => undefined,
  close: async () => undefined,
};

beforeAll(async () => {
  test = await freshDatabase();
  const { appUrl } = await test.migrated(beside);
  db = openDatabase({ url: appUrl, name: 'test', max: 16, logger: silentLogger });
});
afterAll(async () => {
  await db.close();
  await test.drop();
});
beforeEach(() => {
  hinted = [];
  statements = 0;
});

/** Sees each statement before it is sent, and may answer it itself. */
function watched(see: (name: string | undefined) => object[] | undefined = () => undefined): Database {
  const watch = (tx: Tx): Tx => ({
    query: async <R extends object>(sql: string, params?: readonly unknown[], name?: string) => {
      statements += 1;
      return (see(name) as R[] | undefined) ?? tx.query<R>(sql, params, name);
    },
  });
  return {
    tx: (scope, work) => db.tx(scope, (tx) => work(watch(tx))),
    one: (...args) => db.one(...args),
    close: () => db.close(),
  };
}

const transactions = (on: Database = watched()) =>
  new StreamTransactions({
    db: on,
    service: 'beside',
    hints,
    store: new PostgresEventStore({ db: on, service: 'beside', hints }),
  });

const adding = (
  org: string,
  stream: string,
  add: number,
  more: Partial<CommandContext<TallyCommand>> = {},
): CommandContext<TallyCommand> => ({
  org,
  stream,
  command: { kind: 'add', amounts: add === 0 ? [] : [add] },
  commandId: newCommandId(),
  fingerprint: `add ${add}`,
  meta: { account: 'acct_1', requestId: 'request-1' },
  at: '2026-01-02T03:04:05.678Z',
  ...more,
});

/** A row for each event, under the version that was decided. */
async function addWithRow(tx: StreamTx, context: CommandContext<TallyCommand>): Promise<Tally> {
  const { state, version, repeated } = await tx.handle(tallyDecider, context);
  if (!repeated)
    await tx.query('insert into sums (org, n, stream, sum) values ($1, $2, $3, $4)', [
      context.org,
      version,
      context.stream,
      state.sum,
    ]);
  return state;
}

const rowsOf = (org: string) =>
  test.asOwner<{ n: number; sum: number }>('select n, sum from beside.sums where org = $1 order by n', [org]);
const versionsOf = async (org: string) => {
  const rows = await test.asOwner<{ version: number }>(
    'select version from beside.events where org = $1 order by stream, version',
    [org],
  );
  return rows.map(({ version }) => version);
};
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

it('keeps events and rows together', async () => {
  const org = newOrgId();
  const state = await transactions().run({ tenant: org }, (tx) => addWithRow(tx, adding(org, 'tally', 5)));
  expect(state.sum).toBe(5);
  expect(await rowsOf(org)).toEqual([{ n: 1, sum: 5 }]);
  expect(await versionsOf(org)).toEqual([1]);
  expect(hinted).toEqual(['appended:beside']);
});

it('keeps neither when the work fails after it was decided', async () => {
  const org = newOrgId();
  const failing = transactions().run({ tenant: org }, async (tx) => {
    await addWithRow(tx, adding(org, 'tally', 5));
    throw new Error('changed its mind');
  });
  await expect(failing).rejects.toThrow('changed its mind');
  expect([await rowsOf(org), await versionsOf(org), hinted]).toEqual([[], [], []]);
});

it('keeps no row when the event cannot be written', async () => {
  const org = newOrgId();
  const unwritable = adding(org, 'tally', 5, { at: 'yesterday' });
  await expect(transactions().run({ tenant: org }, (tx) => addWithRow(tx, unwritable))).rejects.toMatchObject(
    { code: 'INVALID_INPUT' },
  );
  expect([await rowsOf(org), hinted]).toEqual([[], []]);
});

it('is silent when nothing was to be written', async () => {
  const org = newOrgId();
  await transactions().run({ tenant: org }, (tx) => tx.handle(tallyDecider, adding(org, 'tally', 0)));
  expect([await versionsOf(org), hinted]).toEqual([[], []]);
});

it.each(['new', 'old'])('lets each of 16 decide on what the others left, on a %s stream', async (age) => {
  const org = newOrgId();
  const on = transactions();
  let tries = 0;
  const add = () =>
    on.run({ tenant: org }, (tx) => {
      tries += 1;
      return addWithRow(tx, adding(org, 'tally', 1));
    });
  const before = age === 'old' ? [await add()] : [];
  const sums = [...before, ...(await Promise.all(upTo(16).map(add)))].map(({ sum }) => sum);
  const expected = upTo(sums.length);
  expect(sums.sort((a, b) => a - b)).toEqual(expected);
  expect(await rowsOf(org)).toEqual(expected.map((n) => ({ n, sum: n })));
  expect(await versionsOf(org)).toEqual(expected);
  // They wait for each other instead of working for nothing.
  expect(tries).toBe(sums.length);
});

it('does one command once, however many send it at the same time', async () => {
  const org = newOrgId();
  const on = transactions();
  const same = adding(org, 'tally', 7);
  const states = await Promise.all(upTo(8).map(() => on.run({ tenant: org }, (tx) => addWithRow(tx, same))));
  expect(states.map(({ sum }) => sum)).toEqual(Array(8).fill(7));
  expect(await rowsOf(org)).toEqual([{ n: 1, sum: 7 }]);
});

it('refuses a command id that was used for something else, and changes nothing', async () => {
  const org = newOrgId();
  const first = adding(org, 'tally', 7);
  await transactions().run({ tenant: org }, (tx) => addWithRow(tx, first));
  const other = { ...adding(org, 'other', 8), commandId: first.commandId };
  await expect(transactions().run({ tenant: org }, (tx) => addWithRow(tx, other))).rejects.toMatchObject({
    code: 'IDEMPOTENCY_KEY_REUSED',
  });
  expect(await rowsOf(org)).toEqual([{ n: 1, sum: 7 }]);
});

it('survives two who want the same streams the other way round', async () => {
  const org = newOrgId();
  const on = transactions();
  const both = (streams: string[]) => () =>
    on.run({ tenant: org }, async (tx) => {
      for (const stream of streams) await tx.handle(tallyDecider, adding(org, stream, 1));
    });
  await both(['a', 'b'])();
  await Promise.all([both(['a', 'b'])(), both(['b', 'a'])()]);
  expect(await versionsOf(org)).toEqual([...upTo(3), ...upTo(3)]);
});

it('says so when it loses every race', async () => {
  const org = newOrgId();
  const lost = [{ n: 0, outcome: 'conflict', seen_version: 9, seen_fingerprint: null }];
  const on = transactions(watched((name) => (name === 'append-in-transaction' ? lost : undefined)));
  let tries = 0;
  const work = (tx: StreamTx) => {
    tries += 1;
    return addWithRow(tx, adding(org, 'tally', 1));
  };
  await expect(on.run({ tenant: org }, work)).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(tries).toBe(10);
  expect(await rowsOf(org)).toEqual([]);
});

it('handles a stream once in a transaction', async () => {
  const org = newOrgId();
  const twice = transactions().run({ tenant: org }, async (tx) => {
    await tx.handle(tallyDecider, adding(org, 'tally', 1));
    await tx.handleAll(tallyDecider, [adding(org, 'tally', 1)]);
  });
  await expect(twice).rejects.toThrow('tally is handled twice in one transaction.');
  expect(await versionsOf(org)).toEqual([]);
});

describe('many streams', () => {
  const all = (org: string, streams: readonly string[], commandIds: readonly string[] = []) =>
    transactions().run({ tenant: org }, (tx) =>
      tx.handleAll(
        tallyDecider,
        streams.map((stream, n) =>
          adding(org, stream, n + 1, commandIds[n] === undefined ? {} : { commandId: commandIds[n] }),
        ),
      ),
    );

  it('are each decided on what they are, old and new', async () => {
    const org = newOrgId();
    await all(org, ['b']);
    const handled = await all(org, ['c', 'b', 'a']);
    expect(handled.map(({ version, state }) => [version, state.sum])).toEqual([
      [1, 1],
      [2, 3],
      [1, 3],
    ]);
    expect(await versionsOf(org)).toEqual([1, 1, 2, 1]);
  });

  it('cost as many statements as one', async () => {
    const counted = async (count: number) => {
      statements = 0;
      await all(
        newOrgId(),
        upTo(count).map((n) => `tally-${n}`),
      );
      return statements;
    };
    expect(await counted(1)).toBe(3);
    expect(await counted(200)).toBe(3);
  });

  it('that were done before are not done again', async () => {
    const org = newOrgId();
    const ids = upTo(3).map(newCommandId);
    await all(org, ['a', 'b', 'c'], ids);
    const again = await all(org, ['a', 'b', 'c'], ids);
    expect(again.map(({ repeated }) => repeated)).toEqual([true, true, true]);
    expect(await versionsOf(org)).toEqual([1, 1, 1]);
  });

  it('may be wanted by several at a time, in any order', async () => {
    const org = newOrgId();
    await all(org, ['a', 'b', 'c', 'd']);
    await Promise.all(upTo(8).map((n) => all(org, n % 2 ? ['a', 'b', 'c', 'd'] : ['d', 'c', 'b', 'a'])));
    expect(await versionsOf(org)).toEqual([...upTo(9), ...upTo(9), ...upTo(9), ...upTo(9)]);
  });

  it('belong to one organization', async () => {
    const [org, other] = [newOrgId(), newOrgId()];
    const crossing = transactions().run({ tenant: org }, (tx) =>
      tx.handleAll(tallyDecider, [adding(org, 'a', 1), adding(other, 'b', 1)]),
    );
    await expect(crossing).rejects.toThrow('one organization');
    expect([await versionsOf(org), await versionsOf(other)]).toEqual([[], []]);
  });
});
