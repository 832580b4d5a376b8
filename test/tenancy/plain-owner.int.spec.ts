import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditSchema } from '@tidemark/audit';
import { branchesSchema } from '@tidemark/branches';
import { orgsSchema } from '@tidemark/orgs';
import { migrate, silentLogger, type ServiceSchema } from '@tidemark/runtime';
import { snapshotsSchema } from '@tidemark/snapshots';
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

const migrated = (service: ServiceSchema, password?: string) => {
  const login = (kind: string) => {
    const url = new URL(test.urlFor(role(`${service.name}_${kind}`)));
    if (password !== undefined) url.password = password;
    return url.href;
  };
  return migrate({
    ownerUrl: test.urlFor(role('owner')),
    appUrl: login('app'),
    relayUrl: login('relay'),
    service,
    logger: silentLogger,
  });
};

describe.each([orgsSchema, branchesSchema, snapshotsSchema, auditSchema])(
  '$name, by an owner who is no superuser,',
  (service) => {
    it('can be migrated', async () => {
      await expect(migrated(service)).resolves.toBeUndefined();
    });

    it('gets logins with other passwords when other ones are given', async () => {
      await expect(migrated(service, 'another-one')).resolves.toBeUndefined();
    });
  },
);
