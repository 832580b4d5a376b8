import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { auditSchema } from '@tidemark/audit';
import { branchesSchema } from '@tidemark/branches';
import { orgsSchema } from '@tidemark/orgs';
import type { ServiceSchema } from '@tidemark/runtime';
import { snapshotsSchema } from '@tidemark/snapshots';
import { freshDatabase, tryRowSecurity, type TestDatabase } from '@tidemark/testing';

/** Every service with tables. A table that is added to one of them is tried without being named here. */
const services: readonly ServiceSchema[] = [orgsSchema, branchesSchema, snapshotsSchema, auditSchema];

let test: TestDatabase;

beforeAll(async () => {
  test = await freshDatabase();
});

const totals = { tables: 0, cases: 0, leaks: 0 };

afterAll(async () => {
  await test?.drop();
  console.log(`GATE R20 tables=${totals.tables} cases=${totals.cases} leaks=${totals.leaks}`);
});

it.each(services)(
  'every tenant and account table of $name refuses without its setting and hides the rows of others',
  async (service) => {
    await test.migrated(service);
    const { tables, cases, leaks } = await tryRowSecurity(test, service.name);
    totals.tables += tables;
    totals.cases += cases;
    totals.leaks += leaks.length;
    expect(leaks).toEqual([]);
    expect(tables).toBeGreaterThanOrEqual(3);
  },
  // Thousands of small statements: beside other work each takes its time.
  180_000,
);
