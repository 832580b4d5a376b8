import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import pg from 'pg';
import { plainName, type SchemaNames } from './migration.js';

/** Time limits belong to the role: the server keeps them, whatever the client forgets. */
const LIMITS: Record<string, string> = {
  statement_timeout: '20s',
  lock_timeout: '5s',
  idle_in_transaction_session_timeout: '5s',
};
const SINCE_17 = { transaction_timeout: '25s' };

interface Login {
  readonly name: string;
  readonly password: string;
  readonly url: string;
}

export function loginOf(url: string, what: string): Login {
  const parsed = new URL(url);
  const name = plainName(decodeURIComponent(parsed.username), `user of ${what}`);
  return { name, password: decodeURIComponent(parsed.password), url };
}

/** A role that can log in as the URL says is left alone, so an operator may make the roles beforehand. */
export async function prepareRole(owner: pg.Client, login: Login): Promise<void> {
  if (await canLogIn(login.url)) return;
  const name = owner.escapeIdentifier(login.name);
  const secret = owner.escapeLiteral(scramVerifier(login.password));
  const { rowCount } = await owner.query('select from pg_roles where rolname = $1', [login.name]);
  // Of a role that is there only a superuser may say what else it must not be; the check of the catalogue looks at that.
  const verb = rowCount ? 'alter' : 'create';
  const more = rowCount ? '' : 'nosuperuser nobypassrls';
  await owner.query(`${verb} role ${name} login noinherit ${more} password ${secret}`);
}

/** The server's own form of a stored password: the password itself never reaches its log. */
function scramVerifier(password: string): string {
  const [salt, rounds] = [randomBytes(16), 4_096];
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, rounds, 32, 'sha256');
  const key = (name: string) => createHmac('sha256', salted).update(name).digest();
  const stored = createHash('sha256').update(key('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${rounds}:${salt.toString('base64')}$${stored}:${key('Server Key').toString('base64')}`;
}

async function canLogIn(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch (error) {
    if (error instanceof pg.DatabaseError && /^(28|42501)/.test(error.code ?? '')) return false;
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

export async function prepareRoleSettings(
  owner: pg.Client,
  role: string,
  names: SchemaNames,
  version: number,
) {
  const wanted: Record<string, string> = {
    search_path: `${names.schema}, pg_temp`,
    ...LIMITS,
    ...(version >= 170_000 ? SINCE_17 : {}),
    // What the application sends outside of a scope is an error (see table-classes.ts).
    ...(role === names.app ? { row_security: 'off' } : {}),
  };
  const { rows } = await owner.query<{ database: string; present: string[] }>(
    `select current_database() as database, coalesce((
       select setconfig from pg_db_role_setting
       where setrole = $1::regrole and setdatabase = (select oid from pg_database where datname = current_database())), '{}') as present`,
    [role],
  );
  const { database, present } = rows[0]!;
  for (const [setting, value] of Object.entries(wanted)) {
    if (present.includes(`${setting}=${value}`)) continue;
    const text = setting === 'search_path' ? value : owner.escapeLiteral(value);
    await owner.query(
      `alter role ${role} in database ${owner.escapeIdentifier(database)} set ${setting} = ${text}`,
    );
  }
}
