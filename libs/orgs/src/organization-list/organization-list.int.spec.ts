import {
  newAccountId,
  newOrgId,
  organizationCreated,
  organizationRenamed,
  type RecordedEvent,
} from '@tidemark/contracts';
import { openDatabase, silentLogger, type Database } from '@tidemark/runtime';
import { freshDatabase, type TestDatabase } from '@tidemark/testing';
import { orgsSchema } from '../orgs.schema.js';
import { organizationList } from './organization-list.projection.js';
import { listOrganizations } from './organization-list.query.js';

const at = '2026-01-02T03:04:05.678Z';

const history = (org: string, by: string, ...names: string[]): RecordedEvent[] =>
  names.map((name, n) => ({
    ...(n === 0 ? organizationCreated({ name, by }) : organizationRenamed({ name })),
    org,
    stream: `organization-${org}`,
    version: n + 1,
    id: '00000000-0000-4000-8000-000000000000',
    meta: { account: by, requestId: 'r', command: '00000000-0000-4000-8000-000000000000' },
    at,
  }));

describe('the list of organizations on a real Postgres', () => {
  let database: TestDatabase;
  let db: Database;
  beforeAll(async () => {
    database = await freshDatabase();
    const { appUrl } = await database.migrated(orgsSchema);
    db = openDatabase({ url: appUrl, name: 'test', max: 4, logger: silentLogger });
  });
  afterAll(async () => {
    await db.close();
    await database.drop();
  });

  const hear = (events: RecordedEvent[]) =>
    db.tx({ tenant: events[0]!.org }, (tx) => organizationList.hear(events, tx));
  const all = (account: string) => listOrganizations(db, account, { limit: 200 });

  it('shows an account what it made, by its name of today', async () => {
    const [account, org] = [newAccountId(), newOrgId()];
    await hear(history(org, account, 'Acme', 'Acme Tools', 'Acme Works'));
    expect(await all(account)).toEqual({
      items: [{ id: org, name: 'Acme Works', kind: 'team', owner: account, createdAt: at }],
      next: null,
    });
  });

  it('renames for the members whoever renamed', async () => {
    const [account, stranger, org] = [newAccountId(), newAccountId(), newOrgId()];
    await hear(history(org, account, 'Acme'));
    const renamed = history(org, stranger, 'Acme', 'Acme Tools')[1]!;
    await hear([renamed]);
    expect((await all(account)).items.map(({ name }) => name)).toEqual(['Acme Tools']);
    expect((await all(stranger)).items).toEqual([]);
  });

  it('shows nobody what is not theirs', async () => {
    const [mine, theirs] = [newAccountId(), newAccountId()];
    const [first, second] = [newOrgId(), newOrgId()];
    await hear(history(first, mine, 'Mine'));
    await hear(history(second, theirs, 'Theirs'));
    expect((await all(mine)).items.map(({ id }) => id)).toEqual([first]);
    expect((await all(theirs)).items.map(({ id }) => id)).toEqual([second]);
  });

  it('gives a page at a time, in the order of the ids, each organization once', async () => {
    const account = newAccountId();
    const orgs = Array.from({ length: 7 }, () => newOrgId());
    for (const org of orgs) await hear(history(org, account, org));
    const seen: string[] = [];
    for (let after: string | null | undefined; after !== null;) {
      const { items, next } = await listOrganizations(db, account, { limit: 3, after });
      expect(items.length).toBeLessThanOrEqual(3);
      seen.push(...items.map(({ id }) => id));
      after = next;
    }
    expect(seen).toEqual(orgs.toSorted());
  });
});
