import { createHash } from 'node:crypto';
import pg from 'pg';
import type { TestDatabase } from './postgres.js';

/** What the catalogue says about a table that must refuse. */
interface Protected {
  readonly table: string;
  readonly setting: 'app.tenant_id' | 'app.account_id';
  /** The column that holds the organization or the account. */
  readonly owner: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

export interface RowSecurity {
  readonly tables: number;
  readonly cases: number;
  /** Each case in which a row was seen or changed that must not be, or in which silence took the place of an error. */
  readonly leaks: readonly string[];
}

const OTHERS = { 'app.tenant_id': 'app.account_id', 'app.account_id': 'app.tenant_id' } as const;
const [MINE, FOREIGN] = ['org_mine', 'org_foreign'];

type Filled = 'empty' | 'filled';

/**
 * Tries every tenant and account table of a migrated schema as its application role, with all filters left out and all
 * rights granted, so that row security alone stands between a query and the rows of others. Empties the tables.
 */
export async function tryRowSecurity(
  test: TestDatabase,
  schema: string,
  only?: string,
): Promise<RowSecurity> {
  const role = `tidemark_${schema}_app`;
  await test.asOwner(`grant select, insert, update, delete on all tables in schema ${schema} to ${role}`);
  const tables = (await protectedTables(test, schema)).filter(
    ({ table }) => only === undefined || table === only,
  );
  const trial = new Trial(test, test.urlFor(role), schema);
  try {
    for (const table of tables) {
      await trial.withoutSetting(table, 'empty');
      await trial.withoutSetting(table, 'filled');
      await trial.asAnother(table);
      await trial.bring(table, 'empty');
    }
  } finally {
    await trial.end();
  }
  return { tables: tables.length, cases: trial.cases, leaks: trial.leaks };
}

const protectedTables = (test: TestDatabase, schema: string): Promise<Protected[]> =>
  test.asOwner<Protected & Record<string, unknown>>(
    `select c.relname as table,
       case when obj_description(c.oid) like 'class: tenant%' then 'app.tenant_id' else 'app.account_id' end as setting,
       (select a.attname from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
         where i.indrelid = c.oid and i.indisprimary) as owner,
       (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, null)) order by a.attnum)
         from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity = '') as columns
     from pg_class c where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p')
       and obj_description(c.oid) ~ '^class: (tenant|account)' order by 1`,
    [schema],
  );

/** A row that keeps to the usual checks; `n` makes it differ from others in its key. */
function rowOf({ columns, owner }: Protected, whose: string, n: number): { names: string; values: string } {
  const samples: Record<string, string> = {
    text: `'x${n}'`,
    uuid: 'gen_random_uuid()',
    jsonb: `'{}'`,
    bytea: `'\\x00'`,
    boolean: 'true',
    'timestamp with time zone': 'now()',
    'text[]': `'{}'`,
    xid8: `'${n}'`,
  };
  const valueOf = ({ name, type }: Protected['columns'][number]) =>
    name === owner ? `'${whose}'` : (samples[type] ?? String(n));
  return { names: columns.map(({ name }) => name).join(), values: columns.map(valueOf).join() };
}

class Trial {
  cases = 0;
  readonly leaks: string[] = [];
  readonly #clients = new Map<string, pg.Client>();

  constructor(
    private readonly test: TestDatabase,
    private readonly url: string,
    private readonly schema: string,
  ) {}

  async end(): Promise<void> {
    await Promise.all([...this.#clients.values()].map((client) => client.end()));
  }

  async bring(table: Protected, to: Filled): Promise<void> {
    const name = `${this.schema}.${table.table}`;
    const rows = [MINE, FOREIGN, 'org_third'].map((whose, n) => rowOf(table, whose, n + 1));
    const inserts = rows.map(({ names, values }) => `insert into ${name} (${names}) values (${values})`);
    const sql = ['set session_replication_role = replica', `delete from ${name}`];
    await this.test.asOwner([...sql, ...(to === 'filled' ? inserts : [])].join('; '));
  }

  /** Plans made anew or kept for all times; a plan is also kept from a transaction that had its setting. */
  async withoutSetting(table: Protected, filled: Filled): Promise<void> {
    await this.bring(table, filled);
    for (const [state, prepare] of Object.entries(states(table))) {
      const client = await this.connected(`${state} ${table.setting}`, prepare);
      for (const [plans, setPlans] of Object.entries(PLANS)) {
        // Behind the role's own line of defence a kept plan is not asked again: only new plans are tried there.
        if (state.startsWith('row security on') && plans !== 'new plans') continue;
        await client.query(setPlans);
        const turns = plans === 'as the server likes' ? UNTIL_KEPT : 2;
        for (const [what, sql] of Object.entries(statements(table))) {
          const where = `${table.table}, ${filled}, ${state}, ${plans}: ${what}`;
          const query = { name: shortName(where), text: sql, values: [1] };
          if (state === 'reused') await warmUp(client, table, query, turns);
          for (let turn = 1; turn <= turns; turn++) {
            const refusal = (await attempt(client, query)).refusal;
            // No transaction was begun for this, so what should have been refused is done.
            if (refusal === undefined) await this.bring(table, filled);
            this.expect(
              REFUSALS.test(refusal ?? ''),
              `${where}, execution ${turn}: ${refusal ?? 'no error'}`,
            );
          }
        }
      }
    }
  }

  /** The setting of one, the rows of two, and no filter in sight. */
  async asAnother(table: Protected): Promise<void> {
    const name = table.table;
    const foreign = rowOf(table, FOREIGN, 4);
    const tries: Record<string, [sql: string, allowed: (outcome: Outcome) => boolean]> = {
      select: [
        `select ${table.owner} as whose from ${name}`,
        ({ rows }) => rows.length === 1 && rows[0]?.whose === MINE,
      ],
      count: [`select count(*)::int as n from ${name}`, ({ rows }) => rows[0]?.n === 1],
      update: [`update ${name} set ${table.owner} = ${table.owner}`, ({ touched }) => touched === 1],
      'give away': [`update ${name} set ${table.owner} = '${FOREIGN}'`, ({ refusal }) => refusal === '42501'],
      delete: [`delete from ${name}`, ({ touched }) => touched === 1],
      insert: [
        `insert into ${name} (${foreign.names}) values (${foreign.values})`,
        ({ refusal }) => refusal === '42501',
      ],
      'own rows by a foreign setting': [
        `select * from ${name} where ${table.owner} = '${FOREIGN}'`,
        ({ rows }) => rows.length === 0,
      ],
    };
    const client = await this.connected(`another ${table.setting}`, 'select 1');
    for (const [what, [sql, allowed]] of Object.entries(tries)) {
      await client.query(scopeOf(table));
      const outcome = await attempt(client, sql);
      await client.query('rollback');
      this.expect(allowed(outcome), `${name}, as another, ${what}: ${JSON.stringify(outcome)}`);
    }
  }

  private expect(refused: boolean, what: string): void {
    this.cases++;
    if (!refused) this.leaks.push(what);
  }

  /** One connection for all tables that are tried in the same state: nothing that is tried there changes the state. */
  private async connected(state: string, prepare: string): Promise<pg.Client> {
    const known = this.#clients.get(state);
    if (known) return known;
    const client = new pg.Client({ connectionString: this.url });
    client.on('error', () => undefined);
    await client.connect();
    this.#clients.set(state, client);
    await client.query(prepare);
    return client;
  }
}

/** As `Database.tx` begins. */
const scopeOf = ({ setting }: Protected): string =>
  `begin; set local row_security = on; set local ${setting} = '${MINE}'`;

/** How a connection may come to lack the setting; each as what is sent before the trial. */
const states = ({ setting }: Protected): Record<string, string> => ({
  // The setting is missing …
  fresh: 'select 1',
  // … or empty, because an earlier transaction had it,
  reused: 'select 1',
  // … or only that of the other class is there.
  'other class': `set ${OTHERS[setting]} = '${MINE}'`,
  'row security on, missing': 'set row_security = on',
  'row security on, empty': `set row_security = on; set ${setting} = ''`,
});

const withIndex = (value: 'on' | 'off') =>
  `set enable_indexscan = ${value}; set enable_indexonlyscan = ${value}; set enable_bitmapscan = ${value}`;

/** A kept plan that reads the whole table evaluates nothing before it meets a row. */
const PLANS = {
  'new plans': `set plan_cache_mode = force_custom_plan; ${withIndex('on')}`,
  'kept plans': `set plan_cache_mode = force_generic_plan; ${withIndex('on')}`,
  'kept plans without index': `set plan_cache_mode = force_generic_plan; ${withIndex('off')}`,
  'as the server likes': `set plan_cache_mode = auto; ${withIndex('on')}`,
} as const;

/** So often is a statement executed until the server may go over to a plan that it keeps, and twice more. */
const UNTIL_KEPT = 7;

/** The same statement in transactions with its setting, until the server has made its plan. */
async function warmUp(client: pg.Client, table: Protected, query: pg.QueryConfig, turns: number) {
  for (let turn = 0; turn < turns; turn++) {
    await client.query(`rollback; ${scopeOf(table)}`);
    await attempt(client, query);
  }
  await client.query('rollback');
}

/** The name of a statement that no other trial on the connection has. */
const shortName = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** Refused by the role; by the guard; by a setting that does not exist; by a new row that fits no setting. */
const REFUSALS = /^(42501|TM001|42704)$/;

const statements = (table: Protected): Record<string, string> => {
  const { names, values } = rowOf(table, MINE, 9);
  return {
    select: `select * from ${table.table} where $1::int > 0`,
    'select by key': `select * from ${table.table} where ${table.owner} = 'x' || $1::int`,
    count: `select count(*) from ${table.table} where $1::int > 0`,
    exists: `select exists (select from ${table.table}) where $1::int > 0`,
    insert: `insert into ${table.table} (${names}) select ${values} where $1::int > 0`,
    update: `update ${table.table} set ${table.owner} = ${table.owner} where $1::int > 0`,
    delete: `delete from ${table.table} where $1::int > 0`,
  };
};

interface Outcome {
  readonly refusal?: string;
  readonly rows: readonly { readonly whose?: string; readonly n?: number }[];
  readonly touched?: number | null;
}

async function attempt(client: pg.Client, query: string | pg.QueryConfig): Promise<Outcome> {
  try {
    const { rows, rowCount } = await client.query<{ whose?: string; n?: number }>(query);
    return { rows, touched: rowCount };
  } catch (error) {
    return {
      refusal: error instanceof pg.DatabaseError ? (error.code ?? 'unknown') : String(error),
      rows: [],
    };
  }
}
