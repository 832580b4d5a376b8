import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { auditSchema } from '@tidemark/audit';
import { orgsSchema } from '@tidemark/orgs';
import { migrate, silentLogger } from '@tidemark/runtime';
import { freshDatabase, type TestDatabase } from '@tidemark/testing';

let test: TestDatabase;
/** Named after the database: roles belong to the server, where others work too. */
const role = (name: string) => `${test.name}_${name}`;

/** As managed databases give it: the owner may make roles and owns the database, but is no superuser. */
beforeAll(async () => {
  test = await freshDatabase();
  await test.asOwner(`create role ${role('owner')} login createrole password 'only-for-tests'`);
  await test.asOwner(`alter database ${test.name} owner to ${role('owner')}`);
});

afterAll(() => test?.drop());

it.each([orgsSchema, auditSchema])(
  '$name can be migrated by an owner who is no superuser',
  async (service) => {
    const migrated = migrate({
      ownerUrl: test.urlFor(role('owner')),
      appUrl: test.urlFor(role(`${service.name}_app`)),
      relayUrl: test.urlFor(role(`${service.name}_relay`)),
      service,
      logger: silentLogger,
    });
    await expect(migrated).resolves.toBeUndefined();
  },
);
