import type { ClaimedSnapshot } from '@tidemark/contracts';
import { freshDatabase, type TestDatabase } from '@tidemark/testing';
import { aBlob, aSnapshot, docsOf, startTestService, type TestService } from '../test/service.js';

interface Node {
  readonly 'Node Type': string;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Join Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly Plans?: readonly Node[];
}

const OTHERS = 3_000;
const ASKED = 200;

/** Rows that were read from tables, whether they were wanted or not. */
function rowsRead(node: Node): number {
  const own =
    node['Actual Rows'] * node['Actual Loops'] * (node['Relation Name'] === undefined ? 0 : 1) +
    (node['Rows Removed by Filter'] ?? 0) +
    (node['Rows Removed by Join Filter'] ?? 0) +
    (node['Rows Removed by Index Recheck'] ?? 0);
  return (node.Plans ?? []).reduce((sum, plan) => sum + rowsRead(plan), own);
}

const scans = (node: Node): string[] => [
  ...(node['Node Type'] === 'Seq Scan' ? [`Seq Scan on ${node['Relation Name']}`] : []),
  ...(node.Plans ?? []).flatMap(scans),
];

describe('how rows are found in a file of many, before there are statistics', () => {
  let database: TestDatabase;
  let service: TestService;
  const seen: { sql: string; plan: Node }[] = [];
  let looking = false;
  beforeAll(async () => {
    database = await freshDatabase();
    // Each statement is explained first, as the application's role and in its transaction; what it does twice it does once.
    service = await startTestService(database, {
      look: async (sql, params, tx) => {
        if (!looking) return;
        const rows = await tx.query<{ 'QUERY PLAN': [{ Plan: Node }] }>(
          `explain (analyze, format json) ${sql}`,
          params,
        );
        seen.push({ sql, plan: rows[0]!['QUERY PLAN'][0].Plan });
      },
    });
    await database.asOwner('alter table snapshots.blobs set (autovacuum_enabled = false)');
    await database.asOwner('alter table snapshots.snapshots set (autovacuum_enabled = false)');
  });
  afterAll(() => service.close());

  it('is by looking each one up, for every message', async () => {
    const me = service.file();
    const others = Array.from({ length: OTHERS }, () => aBlob(undefined, 1));
    await me.put(others);
    const history = [aSnapshot(docsOf(others))];
    await service.hear(await me.push(history));
    for (let call = 0; call < 5; call++) {
      const batch: ClaimedSnapshot[] = [];
      for (let i = 0; i < 50; i++) {
        const parent = (batch.at(-1) ?? history.at(-1)!).id;
        batch.push(aSnapshot(docsOf(others.slice(i, i + 3)), { parent }));
      }
      await service.hear(await me.push(batch));
      history.push(...batch);
    }
    const blobs = Array.from({ length: ASKED }, () => aBlob(undefined, 1));
    const ids = blobs.map(({ id }) => id);
    looking = true;
    await me.missing(ids);
    await me.put(blobs);
    const next = aSnapshot(docsOf(blobs), { parent: history.at(-1)!.id });
    await service.hear(await me.push([next]));
    await me.snapshots(history.slice(0, 100).map(({ id }) => id));
    await me.blobs(ids);
    const last = aSnapshot(docsOf(blobs.slice(1)), { parent: next.id });
    await me.push([last]);
    await me.snapshots([last.id]);
    looking = false;
    expect(seen.length).toBeGreaterThan(10);
    for (const { sql, plan } of seen) {
      expect([sql, scans(plan)]).toEqual([sql, []]);
      // Each at most twice, and the chain of 256 that a state is told in: not the thousands that the file has.
      expect([sql, Math.max(rowsRead(plan), 1_500)]).toEqual([sql, 1_500]);
    }
  });
});
