import { codeOf } from '../errors-of.js';
import { StartError } from '../start-error.js';
import type { Logger } from '../logging/logger.js';
import { cannotConnect } from './cannot-connect.js';
import { judgeTable, type TableFacts } from './catalogue-tables.js';
import { openDirect, type DirectConnection } from './direct-connection.js';
import { checksumOf, type SchemaNames, type ServiceSchema } from './migration.js';
import { loginOf } from './roles.js';
import { guardMigration, guards, SCOPE_MISSING } from './table-classes.js';

export interface CatalogueOptions {
  readonly appUrl: string;
  readonly relayUrl: string;
  readonly service: ServiceSchema;
  readonly logger: Logger;
}

/**
 * Reads, as the application's role, whether the database still refuses what it must refuse. Each process does so
 * before it serves; the first offender stops the start with its name.
 */
export async function checkCatalogue(options: CatalogueOptions): Promise<void> {
  const names = {
    schema: options.service.name,
    app: loginOf(options.appUrl, 'TIDEMARK_APP_DATABASE_URL').name,
    relay: loginOf(options.relayUrl, 'TIDEMARK_RELAY_DATABASE_URL').name,
  };
  const { appUrl: url, logger } = options;
  const connection = await openDirect({ url, name: 'tidemark catalogue check', logger }).catch(
    (error: unknown) => {
      throw cannotConnect(error, 'TIDEMARK_APP_DATABASE_URL', url);
    },
  );
  try {
    const finding = await firstFinding(connection, names, options.service);
    if (finding) throw new StartError('configuration', finding);
  } finally {
    await connection.close();
  }
}

async function firstFinding(db: DirectConnection, names: SchemaNames, service: ServiceSchema) {
  return (
    (await findOffender(db, names, 'roles')) ??
    (await findPendingMigration(db, service)) ??
    (await findTable(db, names)) ??
    (await findOffender(db, names, 'objects')) ??
    (await findSilentGuard(db)) ??
    (await findOpenRole(db, names))
  );
}

/** Each selects the names of offenders; $1 schema, $2 app role, $3 relay role. */
const rules: Record<'roles' | 'objects', readonly { readonly sql: string; readonly says: string }[]> = {
  roles: [
    {
      sql: `select rolname as name from pg_roles where rolname in ($2, $3) and rolsuper`,
      says: 'is a superuser, for whom row security does not exist',
    },
    {
      sql: `select rolname as name from pg_roles where rolname in ($2, $3) and rolbypassrls`,
      says: 'has BYPASSRLS, for which row security does not exist',
    },
    {
      sql: `select m.rolname as name from pg_auth_members a join pg_roles m on m.oid = a.member
            where m.rolname in ($2, $3)`,
      says: 'is a member of another role and may act as it',
    },
    {
      sql: `select r.rolname || ' (' || pg_describe_object(d.classid, d.objid, d.objsubid) || ')' as name
            from pg_shdepend d join pg_roles r on r.oid = d.refobjid
            where d.refclassid = 'pg_authid'::regclass and d.deptype = 'o' and r.rolname in ($2, $3)
              and (d.dbid = (select oid from pg_database where datname = current_database())
                or (d.dbid = 0 and d.classid = 'pg_database'::regclass and d.objid =
                     (select oid from pg_database where datname = current_database())))`,
      says: 'owns an object, and an owner may change its policies',
    },
  ],
  objects: [
    {
      sql: `select format('%I.%I', $1::text, c.relname) as name from pg_class c
            where c.relnamespace = to_regnamespace($1::text) and c.relkind in ('v', 'm')
              and not (c.relkind = 'v' and coalesce(c.reloptions, '{}') && '{security_invoker=true,security_invoker=on,security_invoker=1}')`,
      says: 'is a view without security_invoker, which reads past row security',
    },
    {
      sql: `select format('%I.%I', $1::text, p.proname) as name from pg_proc p
            where p.pronamespace = to_regnamespace($1::text) and p.prosecdef`,
      says: 'is a SECURITY DEFINER function, which reads past row security',
    },
    {
      sql: `select format('%I.%I', n.nspname, c.relname) as name
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p', 'f', 'v', 'm') and n.nspname not in ('pg_catalog', 'information_schema', $1)
              and n.nspname not like 'pg\\_%'
              and not exists (select from pg_depend e where e.objid = c.oid and e.classid = 'pg_class'::regclass and e.deptype = 'e')
              and has_schema_privilege($2, n.oid, 'USAGE')
              and (has_any_column_privilege($2, c.oid, 'SELECT, INSERT, UPDATE') or has_table_privilege($2, c.oid, 'DELETE'))`,
      says: 'belongs to somebody else and is open to this service',
    },
  ],
};

async function findOffender(db: DirectConnection, names: SchemaNames, kind: keyof typeof rules) {
  for (const { sql, says } of rules[kind]) {
    // A statement whose parameters are not all used cannot tell their types; the comment-like clause uses them.
    const used = `select name from (${sql}) found where $1::text is not null and $2::name is not null and $3::name is not null`;
    const rows = await db.query<{ name: string }>(`${used} order by name limit 1`, [
      names.schema,
      names.app,
      names.relay,
    ]);
    if (rows[0]) return `${rows[0].name} ${says}.`;
  }
  return undefined;
}

async function findPendingMigration(
  db: DirectConnection,
  service: ServiceSchema,
): Promise<string | undefined> {
  const found = await db.query<{ there: boolean }>(`select to_regclass($1) is not null as there`, [
    `${service.name}.migrations`,
  ]);
  if (!found[0]?.there)
    return `Schema ${service.name} does not exist or is closed to this role. Run the migrations.`;
  const rows = await db.query<{ name: string; checksum: string }>(
    `select name, checksum from ${service.name}.migrations`,
  );
  const applied = new Map(rows.map((row) => [row.name, row.checksum]));
  const steps = [guardMigration, ...service.migrations];
  const missing = steps.find(({ name }) => !applied.has(name));
  if (missing) return `Migration ${service.name}/${missing.name} has not been applied. Run the migrations.`;
  const altered = steps.find((step) => applied.get(step.name) !== checksumOf(step));
  return altered && `Migration ${service.name}/${altered.name} was altered after it had been applied.`;
}

async function findTable(db: DirectConnection, names: SchemaNames): Promise<string | undefined> {
  const tables = await db.query<TableFacts>(TABLES, [names.schema, names.app, names.relay]);
  return tables.map(judgeTable).find((finding) => finding !== undefined);
}

const TABLES = `
  select format('%I.%I', $1::text, c.relname) as name,
    coalesce(obj_description(c.oid, 'pg_class'), '') as comment,
    c.relrowsecurity and c.relforcerowsecurity as forced,
    (select a.attname from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
      where i.indrelid = c.oid and i.indisprimary) as "keyStart",
    (select coalesce(json_agg(json_build_object('command', p.polcmd, 'using', pg_get_expr(p.polqual, c.oid),
        'check', pg_get_expr(p.polwithcheck, c.oid)) order by p.polname), '[]')
      from pg_policy p where p.polrelid = c.oid and p.polpermissive
        and (p.polroles @> '{0}' or p.polroles @> array[(select oid from pg_roles where rolname = $2)])) as policies,
    has_table_privilege($2, c.oid, 'SELECT, INSERT, UPDATE, DELETE') or has_any_column_privilege($2, c.oid, 'SELECT, INSERT, UPDATE')
      as "appMay",
    has_table_privilege($2, c.oid, 'TRUNCATE, TRIGGER, REFERENCES') as "appMayTooMuch",
    has_table_privilege($3, c.oid, 'INSERT, DELETE, TRUNCATE, TRIGGER, REFERENCES') as "relayMayTooMuch"
  from pg_class c
  where c.relnamespace = to_regnamespace($1::text) and c.relkind in ('r', 'p', 'f')
  order by c.relname`;

/** The text of a policy says what it calls; only a call says what the function does. */
async function findSilentGuard(db: DirectConnection): Promise<string | undefined> {
  for (const { guard } of Object.values(guards)) {
    const outcome = await db.query(`select ${guard}()`).then(() => 'silent', codeOf);
    if (outcome !== SCOPE_MISSING) return `Function ${guard}() does not raise when its setting is missing.`;
  }
  return undefined;
}

async function findOpenRole(db: DirectConnection, { app }: SchemaNames): Promise<string | undefined> {
  const [found] = await db.query<{ setting: string }>(`select current_setting('row_security') as setting`);
  return found?.setting === 'off'
    ? undefined
    : `${app} does not have row_security off by default. Run the migrations.`;
}
