import { fileCreated, newOrgId, organizationRenamed, type RecordedEvent } from '@tidemark/contracts';
import { openDatabase, silentLogger, type Database } from '@tidemark/runtime';
import { freshDatabase, type TestDatabase } from '@tidemark/testing';
import { auditSchema } from '../audit.schema.js';
import { recordEntries } from './entry.projection.js';
import { headOf, listEntries } from './entry.query.js';

const event = (org: string, version: number): RecordedEvent => ({
  ...organizationRenamed({ name: `Name ${version}` }),
  org,
  stream: `organization-${org}`,
  version,
  id: `00000000-0000-4000-8000-${String(version).padStart(12, '0')}`,
  meta: {
    account: 'acct_operator',
    requestId: `request-${version}`,
    command: '00000000-0000-4000-8000-000000000000',
  },
  at: '2026-01-02T03:04:05.678Z',
});
const events = (org: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => event(org, from + i));

describe('entries on a real Postgres', () => {
  let database: TestDatabase;
  let db: Database;
  beforeAll(async () => {
    database = await freshDatabase();
    const { appUrl } = await database.migrated(auditSchema);
    db = openDatabase({ url: appUrl, name: 'test', max: 8, logger: silentLogger });
  });
  afterAll(async () => {
    await db.close();
    await database.drop();
  });

  const record = (org: string, list: RecordedEvent[]) =>
    db.tx({ tenant: org }, (tx) => recordEntries(list, tx));
  const all = (org: string) => listEntries(db, { org, after: 0, limit: 500 });

  it('says what happened, in the order in which it was heard', async () => {
    const org = newOrgId();
    await record(org, events(org, 1, 2));
    await record(org, events(org, 3, 3));
    const { items, next } = await all(org);
    expect(next).toBeNull();
    expect(items.map(({ seq, requestId }) => [seq, requestId])).toEqual([
      [1, 'request-1'],
      [2, 'request-2'],
      [3, 'request-3'],
    ]);
    expect(items[0]).toEqual({
      seq: 1,
      at: '2026-01-02T03:04:05.678Z',
      actor: 'acct_operator',
      action: 'organization.renamed',
      object: `organization-${org}`,
      outcome: 'done',
      requestId: 'request-1',
    });
  });

  it('says which file it was about, by its ids and never by its name', async () => {
    const org = newOrgId();
    const ids = {
      project: `proj_${'a'.repeat(32)}`,
      file: `prj_${'b'.repeat(32)}`,
      incarnation: `inc_${'c'.repeat(32)}`,
    };
    await record(org, [
      { ...event(org, 1), ...fileCreated({ ...ids, root: 'wrk_1', name: 'Petstore' }) },
      event(org, 2),
    ]);
    const { items } = await all(org);
    expect(items.map(({ action, details }) => ({ action, details }))).toEqual([
      { action: 'file.created', details: ids },
      { action: 'organization.renamed', details: undefined },
    ]);
    expect(Object.keys(items[1]!)).not.toContain('details');
  });

  it('numbers densely when several record at the same time', async () => {
    const org = newOrgId();
    const batches = Array.from({ length: 20 }, (_, i) => events(org, i * 5 + 1, i * 5 + 5));
    for (const outcome of await Promise.allSettled(batches.map((batch) => record(org, batch)))) {
      expect(outcome.status).toBe('fulfilled');
    }
    expect((await all(org)).items.map(({ seq }) => seq)).toEqual(
      Array.from({ length: 100 }, (_, i) => i + 1),
    );
    expect(await headOf(db, org)).toBe(100);
  });

  it('gives no number away with a transaction that is rolled back', async () => {
    const org = newOrgId();
    const failing = db.tx({ tenant: org }, async (tx) => {
      await recordEntries(events(org, 1, 3), tx);
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    expect(await headOf(db, org)).toBe(0);
    await record(org, events(org, 1, 1));
    expect((await all(org)).items.map(({ seq }) => seq)).toEqual([1]);
  });

  it('keeps one entry per event whatever happens', async () => {
    const org = newOrgId();
    await record(org, events(org, 1, 1));
    await expect(record(org, events(org, 1, 1))).rejects.toMatchObject({ code: '23505' });
  });

  it('shows an organization its own entries only', async () => {
    const [mine, foreign] = [newOrgId(), newOrgId()];
    await record(mine, events(mine, 1, 1));
    expect((await all(foreign)).items).toEqual([]);
    expect(await headOf(db, foreign)).toBe(0);
  });

  it('needs as many statements for one event as for two hundred', async () => {
    const counted = async (list: RecordedEvent[]) => {
      let statements = 0;
      await db.tx({ tenant: list[0]!.org }, (tx) =>
        recordEntries(list, {
          query: (...args) => {
            statements += 1;
            return tx.query(...args);
          },
        }),
      );
      return statements;
    };
    const [one, many] = [newOrgId(), newOrgId()];
    expect(await counted(events(many, 1, 200))).toBe(await counted(events(one, 1, 1)));
  });
});
