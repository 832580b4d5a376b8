import pg from 'pg';

const settings = [
  'server_version',
  'fsync',
  'synchronous_commit',
  'full_page_writes',
  'wal_sync_method',
  'wal_level',
] as const;

export type Durability = Readonly<Record<(typeof settings)[number], string>>;

/** As a session of this side finds it: roles, databases and functions can each have settings of their own. */
export async function durabilityOf(url: string): Promise<Durability> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: keyof Durability; setting: string }>(
      'select name, setting from pg_settings where name = any ($1)',
      [settings],
    );
    const { rows: functions } = await client.query<{ name: string }>(
      `select proname as name from pg_proc where proconfig::text ~ 'synchronous_commit'`,
    );
    const found = Object.fromEntries(rows.map(({ name, setting }) => [name, setting])) as Record<
      keyof Durability,
      string
    >;
    if (functions[0]) found.synchronous_commit = `altered-in-${functions[0].name}`;
    return found;
  } finally {
    await client.end();
  }
}
