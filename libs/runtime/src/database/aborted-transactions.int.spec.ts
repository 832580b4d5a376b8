import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { freshDatabase, seededRandom, type Random, type TestDatabase } from '@tidemark/testing';
import pg from 'pg';
import { silentLogger } from '../logging/logger.js';
import type { Database, Scope, Tx } from './database.js';
import type { ServiceSchema } from './migration.js';
import { openDatabase } from './postgres-database.js';
import { tenantTable } from './table-classes.js';

const service: ServiceSchema = {
  name: 'aborts',
  migrations: [
    {
      name: '001-rows',
      sql: `
        create table rows (org text, id int, twin int, primary key (org, id),
          constraint late unique (org, twin) deferrable initially deferred);
        ${tenantTable('rows')}
        grant select, insert on rows to {{app}};`,
    },
  ],
};

let test: TestDatabase;
let appUrl: string;

beforeAll(async () => {
  test = await freshDatabase();
  ({ appUrl } = await test.migrated(service));
});

afterAll(() => test?.drop());

const boom = new Error('the work failed');
const pid = async (tx: Tx) => (await tx.query<{ pid: number }>('select pg_backend_pid() as pid'))[0]!.pid;

/** Each ends a transaction in which something was written already. None may leave anything behind. */
const ends: Record<string, (tx: Tx) => Promise<unknown>> = {
  'the work throws': () => Promise.reject(boom),
  'a statement fails': (tx) => tx.query('select 1 / 0'),
  'a failed statement is ignored': (tx) => tx.query('select 1 / 0').catch(() => undefined),
  'a statement takes too long': (tx) => tx.query(`set local statement_timeout = '2ms'; select pg_sleep(10)`),
  'a lock is not free': (tx) => tx.query(`set local lock_timeout = '2ms'; lock table pg_temp.nothing`),
  'the work idles too long': async (tx) => {
    await tx.query(`set local idle_in_transaction_session_timeout = '5ms'`);
    await pause(20);
    await tx.query('select 1');
  },
  'the connection is killed by the work': (tx) => tx.query('select pg_terminate_backend(pg_backend_pid())'),
  'the connection is killed by another': async (tx) => {
    await test.asOwner('select pg_terminate_backend($1)', [await pid(tx)]);
    throw boom;
  },
  'the connection dies and so does the rollback': async (tx) => {
    await tx.query('select pg_terminate_backend(pg_backend_pid())').catch(() => undefined);
    throw boom;
  },
  'the COMMIT is refused': (tx) =>
    tx.query(`insert into rows (org, id, twin) select org, id + 1, twin from rows`),
  'a setting is made to last': async (tx) => {
    await tx.query(
      `select set_config('app.tenant_id', 'org_lasting', false), set_config('row_security', 'on', false)`,
    );
    throw boom;
  },
  'a statement is still running': (tx) => {
    tx.query('select pg_sleep(0.005)').catch(() => undefined);
    return Promise.reject(boom);
  },
};

/** Ends many transactions badly, several at a time, and looks after each what the next borrower finds. */
async function abortMany(database: Database, count: number, random: Random) {
  const plan = Array.from({ length: count }, (_, id) => ({
    id,
    end: random.shuffled(Object.values(ends))[0]!,
    org: `org_${random.below(5)}`,
  }));
  const leftovers: string[] = [];
  const found = (what: string | undefined) => what !== undefined && leftovers.push(what);
  let committed = 0;
  const workers = Array.from({ length: 6 }, async () => {
    for (let next = plan.pop(); next; next = plan.pop()) {
      const { id, end, org } = next;
      committed += await database
        .tx({ tenant: org }, (tx) => write(tx, org, id, end))
        .then(
          () => 1,
          () => 0,
        );
      found(await leftBehind(database));
    }
  });
  await Promise.all(workers);
  return { leftovers, committed };
}

async function write(tx: Tx, org: string, id: number, end: (tx: Tx) => Promise<unknown>): Promise<void> {
  await tx.query('insert into rows (org, id, twin) values ($1, $2, $3)', [org, 2 * id, id]);
  await end(tx);
}

/** What a borrower without a scope sees of those before it. */
async function leftBehind(database: Database): Promise<string | undefined> {
  const look = `select coalesce(current_setting('app.tenant_id', true), '') || coalesce(current_setting('app.account_id', true), '') as setting,
    current_setting('row_security') as security, coalesce(pg_current_xact_id_if_assigned()::text, '') as writing`;
  try {
    const [seen] = await database.tx({}, (tx) =>
      tx.query<{ setting: string; security: string; writing: string }>(look),
    );
    const clean = seen?.setting === '' && seen.security === 'off' && seen.writing === '';
    return clean ? undefined : JSON.stringify(seen);
  } catch (error) {
    return String(error);
  }
}

describe('after transactions that ended badly', () => {
  it('every checkout is clean and nothing was written', async () => {
    const random = seededRandom();
    const database = openDatabase({ url: appUrl, name: 'aborts', max: 4, logger: silentLogger });
    const { leftovers, committed } = await abortMany(database, 500, random);
    await database.close();
    console.log(`GATE R21 transactions=500 leftovers=${leftovers.length} seed=${random.seed}`);
    expect(leftovers).toEqual([]);
    expect(committed).toBe(0);
    expect(await test.asOwner('select * from aborts.rows')).toEqual([]);
  });

  it.each([
    ['gives connections back without a rollback', (client: pg.PoolClient) => client.release()],
    [
      'sets the tenant for the session',
      async (client: pg.PoolClient) => {
        await client
          .query(`rollback; select set_config('app.tenant_id', 'org_1', false)`)
          .catch(() => undefined);
        client.release();
      },
    ],
  ])('a helper that %s is caught', async (_what, release) => {
    const broken = new CarelessDatabase(appUrl, release);
    const { leftovers } = await abortMany(broken, 40, seededRandom(7));
    await broken.close();
    expect(leftovers.length).toBeGreaterThan(0);
  });
});

/** As one might write it without having been bitten. */
class CarelessDatabase implements Database {
  private readonly pool: pg.Pool;

  constructor(
    url: string,
    private readonly giveBack: (client: pg.PoolClient) => void | Promise<void>,
  ) {
    this.pool = new pg.Pool({ connectionString: url, max: 2 });
    this.pool.on('error', () => undefined);
    this.pool.on('connect', (client) => client.on('error', () => undefined));
  }

  async tx<T>({ tenant }: Scope, work: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    try {
      await client.query('begin');
      if (tenant) await client.query(`set local row_security = on; set local app.tenant_id = '${tenant}'`);
      const result = await work({
        query: async (sql, params) => (await client.query(sql, params && [...params])).rows,
      });
      await client.query('commit');
      client.release();
      return result;
    } catch (error) {
      await this.giveBack(client);
      throw error;
    }
  }

  one(): Promise<never> {
    return Promise.reject(new Error('not used'));
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}
