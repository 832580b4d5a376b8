import { jest } from '@jest/globals';
import { auditSchema } from '@tidemark/audit';
import { eventTopics, newOrgId, organizationRenamed, type LogEvent } from '@tidemark/contracts';
import { orgsSchema } from '@tidemark/orgs';
import { openDatabase, silentLogger } from '@tidemark/runtime';
import { freshDatabase, type TestDatabase } from '@tidemark/testing';
import { Inbox, PostgresInboxStore, type EventHandler } from '@tidemark/transport';
import { program } from './program.js';

const event = (org: string, version: number): LogEvent => ({
  ...organizationRenamed({ name: `Name ${version}` }),
  org,
  stream: `organization-${org}`,
  version,
  position: version,
  id: `00000000-0000-4000-8000-${String(version).padStart(12, '0')}`,
  meta: { account: 'acct_operator', requestId: 'r', command: '00000000-0000-4000-8000-000000000000' },
  at: '2026-01-02T03:04:05.678Z',
});

/** Runs a command line as an operator would and gives back what it said and how it ended. */
async function run(env: Record<string, string>, ...args: string[]) {
  const written: string[] = [];
  const stdout = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  process.exitCode = 0;
  try {
    await program({ TIDEMARK_LOG_LEVEL: 'silent', ...env }).parseAsync(args, { from: 'user' });
    return { said: written.join(''), code: process.exitCode };
  } finally {
    stdout.mockRestore();
    process.exitCode = 0;
  }
}

describe('the command line on a real Postgres', () => {
  let database: TestDatabase;
  const urls = (service: string) => ({
    TIDEMARK_DATABASE_URL: database.ownerUrl,
    TIDEMARK_APP_DATABASE_URL: database.urlFor(`tidemark_${service}_app`),
    TIDEMARK_RELAY_DATABASE_URL: database.urlFor(`tidemark_${service}_relay`),
  });
  beforeAll(async () => (database = await freshDatabase()));
  afterAll(() => database.drop());

  it('migrates, also what is migrated already', async () => {
    for (let time = 1; time <= 2; time++) {
      expect(await run(urls('orgs'), 'migrate', 'orgs')).toEqual({
        said: `orgs is at ${orgsSchema.migrations.at(-1)!.name}\n`,
        code: 0,
      });
    }
    const { said } = await run(urls('audit'), 'migrate', 'audit', '--json');
    expect(JSON.parse(said)).toEqual({ service: 'audit', migration: auditSchema.migrations.at(-1)!.name });
  });

  it('finds what does not follow from events, and puts it right', async () => {
    const [org, account] = [newOrgId(), 'acct_operator'];
    await database.asOwner(`insert into orgs.members (org, account) values ($1, $2)`, [org, account]);
    const compared = await run(urls('orgs'), 'projection', 'rebuild', '--compare');
    expect(compared.code).toBe(1);
    expect(compared.said).toContain('differences=1');
    expect(compared.said).toContain(org);
    expect((await run(urls('orgs'), 'projection', 'rebuild')).code).toBe(1);
    expect((await run(urls('orgs'), 'projection', 'rebuild', '--compare')).code).toBe(0);
  });

  /** Puts aside three events of a source, as a service does that cannot hear them. */
  async function park(url: string, source: string, org: string): Promise<void> {
    const db = openDatabase({ url, name: 'test', max: 2, logger: silentLogger });
    const broken: EventHandler = () => Promise.reject(new Error('not yet'));
    const store = new PostgresInboxStore(db);
    const inbox = new Inbox({ source, store, hear: broken, logger: silentLogger, retries: { pausesMs: [] } });
    const batch = [1, 2, 3].map((version) => ({ kind: 'event', event: event(org, version) }) as const);
    await inbox.deliver(batch, new AbortController().signal);
    await db.close();
  }

  it.each([
    ['branches', eventTopics.orgs],
    ['snapshots', eventTopics.branches],
  ])('migrates %s and hears what it has parked of %s', async (service, source) => {
    const [env, org] = [urls(service), newOrgId()];
    expect((await run(env, 'migrate', service)).code).toBe(0);
    await park(env.TIDEMARK_APP_DATABASE_URL, source, org);
    expect((await run(env, 'parked', 'list')).code).toBe(1);
    const replayed = await run(env, 'parked', 'replay', service);
    expect(JSON.parse(replayed.said)).toMatchObject({ source, org, heard: 3 });
    expect(await run(env, 'parked', 'list')).toEqual({ said: '', code: 0 });
  });

  it('lists what is parked and hears it once the cause is mended', async () => {
    const env = urls('audit');
    const org = newOrgId();
    await park(env.TIDEMARK_APP_DATABASE_URL, eventTopics.orgs, org);
    const listed = await run(env, 'parked', 'list');
    expect(listed.code).toBe(1);
    expect(JSON.parse(listed.said)).toMatchObject({ org, stream: `organization-${org}`, messages: 3 });
    const replayed = await run(env, 'parked', 'replay', 'audit');
    expect(JSON.parse(replayed.said)).toMatchObject({ org, heard: 3 });
    expect(replayed.code).toBe(0);
    expect(await run(env, 'parked', 'list')).toEqual({ said: '', code: 0 });
    const rows = await database.asOwner('select seq from audit.entries where org = $1 order by seq', [org]);
    expect(rows).toHaveLength(3);
  });
});
