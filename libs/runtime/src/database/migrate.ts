import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from '../logging/logger.js';
import { messageOf } from '../errors-of.js';
import { StartError } from '../start-error.js';
import { cannotConnect } from './cannot-connect.js';
import { checkCatalogue } from './catalogue.js';
import {
  checksumOf,
  filledIn,
  plainName,
  type Migration,
  type SchemaNames,
  type ServiceSchema,
} from './migration.js';
import { loginOf, prepareRole, prepareRoleSettings } from './roles.js';
import { guardMigration } from './table-classes.js';

export interface MigrateOptions {
  /** The owner of all tables. No service process ever sees it. */
  readonly ownerUrl: string;
  /** The two login roles, made here where they are missing. */
  readonly appUrl: string;
  readonly relayUrl: string;
  readonly service: ServiceSchema;
  readonly logger: Logger;
}

/** Of all who migrate a schema at once one does the work and the others find it done. */
export async function migrate(options: MigrateOptions): Promise<void> {
  const app = loginOf(options.appUrl, 'TIDEMARK_APP_DATABASE_URL');
  const relay = loginOf(options.relayUrl, 'TIDEMARK_RELAY_DATABASE_URL');
  const names = { schema: plainName(options.service.name, 'schema'), app: app.name, relay: relay.name };
  const owner = await connect(options.ownerUrl);
  try {
    const version = await supportedVersion(owner);
    await takeTurn(owner, names.schema);
    await withRetries(async () => {
      for (const login of [app, relay]) await prepareRole(owner, login);
      for (const login of [app, relay]) await prepareRoleSettings(owner, login.name, names, version);
    });
    await prepareSchema(owner, names);
    await applyAll(owner, names, options);
  } finally {
    await owner.end();
  }
  await checkCatalogue(options);
}

async function connect(ownerUrl: string): Promise<pg.Client> {
  const owner = new pg.Client({
    connectionString: ownerUrl,
    application_name: 'tidemark migrate',
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  });
  owner.on('error', () => undefined);
  await owner.connect().catch((error: unknown) => {
    throw cannotConnect(error, 'TIDEMARK_DATABASE_URL', ownerUrl);
  });
  return owner;
}

/** Older ones leak rows past row security through planner statistics (CVE-2025-8713). */
async function supportedVersion(owner: pg.Client): Promise<number> {
  const { rows } = await owner.query<{ version: number }>(
    `select current_setting('server_version_num')::int as version`,
  );
  const version = rows[0]!.version;
  const least = { 15: 150_014, 16: 160_010, 17: 170_006 }[Math.floor(version / 10_000)] ?? 180_000;
  if (version >= least) return version;
  throw new StartError(
    'configuration',
    `Postgres ${version} is too old: use at least 15.14, 16.10, 17.6 or 18.0.`,
  );
}

async function takeTurn(owner: pg.Client, schema: string): Promise<void> {
  await owner.query(`set lock_timeout = '5min'`);
  await owner.query(`select pg_advisory_lock(hashtextextended('tidemark migrate ' || $1, 0))`, [schema]);
}

async function prepareSchema(owner: pg.Client, { schema, app, relay }: SchemaNames): Promise<void> {
  await owner.query(`
    begin;
    create schema if not exists ${schema};
    revoke all on schema ${schema} from public;
    grant usage on schema ${schema} to ${app}, ${relay};
    create table if not exists ${schema}.migrations (
      name text primary key, checksum text not null, at timestamptz not null default now());
    comment on table ${schema}.migrations is 'class: installation';
    grant select on ${schema}.migrations to ${app}, ${relay};
    commit`);
}

async function applyAll(
  owner: pg.Client,
  names: SchemaNames,
  { service, logger }: MigrateOptions,
): Promise<void> {
  const { rows } = await owner.query<{ name: string; checksum: string }>(
    `select name, checksum from ${names.schema}.migrations`,
  );
  const applied = new Map(rows.map((row) => [row.name, row.checksum]));
  const steps = [guardMigration, ...service.migrations];
  for (const step of steps) refuseAltered(names.schema, step, applied.get(step.name));
  for (const step of steps.filter(({ name }) => !applied.has(name))) {
    await withRetries(() => apply(owner, names, step));
    logger.info({ schema: names.schema, migration: step.name }, 'migration applied');
  }
}

function refuseAltered(schema: string, step: Migration, applied: string | undefined): void {
  if (applied === undefined || applied === checksumOf(step)) return;
  throw new StartError(
    'configuration',
    `Migration ${schema}/${step.name} was altered after it had been applied. Restore it and add a new one.`,
  );
}

/**
 * With row_security off a statement that row security would silently narrow raises instead. The bodies of functions are
 * not tried then: they run for other roles, and an owner who is no superuser could not even make them.
 */
async function apply(owner: pg.Client, names: SchemaNames, step: Migration): Promise<void> {
  try {
    await owner.query(`
      begin;
      set local lock_timeout = '2s';
      set local row_security = off;
      set local check_function_bodies = off;
      set local search_path = ${names.schema}, pg_temp`);
    await owner.query(filledIn(step.sql, names));
    await owner.query(`insert into ${names.schema}.migrations (name, checksum) values ($1, $2)`, [
      step.name,
      checksumOf(step),
    ]);
    await owner.query('commit');
  } catch (error) {
    await owner.query('rollback').catch(() => undefined);
    if (passes(error)) throw error;
    throw new Error(`Migration ${names.schema}/${step.name} failed: ${messageOf(error)}`, { cause: error });
  }
}

/** Another migrator of the same cluster, or a reader that holds a lock: both end by themselves. */
async function withRetries(work: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!passes(error) || tries === 20) throw error;
      await pause(50 * tries);
    }
  }
}

const passes = (error: unknown): boolean =>
  error instanceof pg.DatabaseError &&
  (['55P03', '40P01', '42710'].includes(error.code ?? '') ||
    (error.code === '23505' && error.table === 'pg_authid') ||
    error.message.startsWith('tuple concurrently'));
