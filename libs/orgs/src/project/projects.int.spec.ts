import {
  defaultProjectOf,
  newAccountId,
  newCommandId,
  newOrgId,
  orgsMessages,
  projectMessages,
  type MemberKey,
  type Organization,
  type Person,
  type Project,
} from '@tidemark/contracts';
import { freshDatabase } from '@tidemark/testing';
import { servedOrgs, someEmail, type ServedOrgs } from '../../test/served-orgs.js';
import { withStatements } from '../../test/statements.js';

let orgs: ServedOrgs;
beforeAll(async () => {
  orgs = await servedOrgs(await freshDatabase());
});
afterAll(() => orgs.close());

const absent = expect.objectContaining({
  code: 'NOT_FOUND',
  message: 'Not found, or you have no access.',
});

async function someone() {
  const { account } = await orgs.signUp();
  return projectsFor(account.id, account.personalOrg);
}

function projectsFor(account: string, org: string) {
  const ask = <Reply>(pattern: string, payload: object) => orgs.ask<Reply>(pattern, payload, { account });
  return {
    account,
    org,
    ask,
    list: async () => (await ask<{ items: Project[] }>(projectMessages.list, { org })).items,
    create: (name: string) => ask<Project>(projectMessages.create, { org, name }),
    rename: (project: string, name: string, command = newCommandId()) =>
      ask<Project>(projectMessages.rename, { org, project, name, command }),
    remove: (project: string, command = newCommandId()) =>
      ask(projectMessages.remove, { org, project, command }),
    access: (project?: string) => orgs.access(org, account, project),
  };
}

const eventsOf = async (project: string) =>
  (
    await orgs.database.asOwner<{ type: string }>(
      'select type from orgs.events where stream = $1 order by version',
      [`project-${project}`],
    )
  ).map(({ type }) => type);

describe('projects', () => {
  it('are there as soon as they are made, renamed and gone as soon as that is answered', async () => {
    const { create, list, rename, remove, access, org } = await someone();
    orgs.clock.forward(1);
    const made = await create('Shop');
    const [first, second, ...more] = await list();
    expect([first!.id, second, more]).toEqual([defaultProjectOf(org), made, []]);
    expect(await access(made.id)).toMatchObject({ org, kind: 'personal', level: 'write' });
    expect(await rename(made.id, 'Store')).toEqual({ ...made, name: 'Store' });
    expect((await list())[1]).toEqual({ ...made, name: 'Store' });
    expect(await remove(made.id)).toEqual({});
    expect((await list()).map(({ id }) => id)).toEqual([defaultProjectOf(org)]);
    await expect(access(made.id)).rejects.toEqual(absent);
    expect(await eventsOf(made.id)).toEqual(['ProjectCreated', 'ProjectRenamed', 'ProjectDeleted']);
  });

  it('wished for twice within a minute are one, also at the same moment; later they are two', async () => {
    const { create, list, org } = await someone();
    const all = await Promise.all(Array.from({ length: 16 }, () => create('Shop')));
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    orgs.clock.forward(59);
    expect((await create('Shop')).id).toBe(all[0]!.id);
    expect((await create('shop')).id).not.toBe(all[0]!.id);
    orgs.clock.forward(1);
    const later = await create('Shop');
    expect(later.id).not.toBe(all[0]!.id);
    expect((await list()).filter(({ name }) => name === 'Shop')).toHaveLength(2);
    const other = await someone();
    expect((await other.create('Shop')).org).not.toBe(org);
  });

  it('changed by a command that comes again are changed once', async () => {
    const { create, rename, remove } = await someone();
    const { id } = await create('Shop');
    const [renaming, removing] = [newCommandId(), newCommandId()];
    await rename(id, 'Store', renaming);
    await rename(id, 'Third');
    expect((await rename(id, 'Store', renaming)).name).toBe('Third');
    await expect(rename(id, 'Other', renaming)).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    await remove(id, removing);
    expect(await remove(id, removing)).toEqual({});
    expect(await remove(id)).toEqual({});
    await expect(rename(id, 'Again')).rejects.toEqual(absent);
    expect(await eventsOf(id)).toEqual([
      'ProjectCreated',
      'ProjectRenamed',
      'ProjectRenamed',
      'ProjectDeleted',
    ]);
  });

  it('may all be deleted, the default one too; the list is empty then and not before', async () => {
    const { list, remove, org } = await someone();
    await remove(defaultProjectOf(org));
    expect(await list()).toEqual([]);
  });

  it.each(['', ' x', 'x '.repeat(101), 'a\nb'])('are not called %j', async (name) => {
    const { create } = await someone();
    await expect(create(name)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('what is foreign, deleted or was never there', () => {
  it('is told in the same words after the same statements', async () => {
    const [ada, eve] = [await someone(), await someone()];
    const deleted = await ada.create('Deleted');
    await ada.remove(deleted.id);
    const cases: Record<string, [asker: ReturnType<typeof projectsFor>, org: string, project?: string]> = {
      'a foreign organization': [eve, ada.org],
      'a foreign project': [eve, ada.org, defaultProjectOf(ada.org)],
      'no organization': [eve, newOrgId()],
      'no project of no organization': [eve, newOrgId(), 'proj_x'],
      'a deleted project': [ada, ada.org, deleted.id],
      'no project': [ada, ada.org, 'proj_x'],
      'a project of another organization': [ada, ada.org, defaultProjectOf(eve.org)],
      nobody: [projectsFor('acct_nobody', ada.org), ada.org],
    };
    const seen = [];
    for (const [asker, org, project] of Object.values(cases))
      seen.push(await withStatements(() => orgs.access(org, asker.account, project)));
    for (const { statements, outcome } of seen) {
      expect(outcome).toMatchObject({ reason: absent });
      expect(statements).toEqual(['reach']);
    }
  });

  it('gets no answer and no change by any message', async () => {
    const [ada, eve] = [await someone(), await someone()];
    const foreign = projectsFor(eve.account, ada.org);
    const never = projectsFor(eve.account, newOrgId());
    const before = await ada.list();
    const project = defaultProjectOf(ada.org);
    for (const asker of [foreign, never]) {
      const asks = [
        asker.list(),
        asker.create('x'),
        asker.rename(project, 'x'),
        asker.remove(project),
        asker.ask(projectMessages.memberKeys, { org: asker.org }),
        asker.ask(projectMessages.people, { org: asker.org, accounts: [ada.account] }),
      ];
      for (const outcome of await Promise.allSettled(asks))
        expect(outcome).toMatchObject({ status: 'rejected', reason: absent });
    }
    expect(await ada.list()).toEqual(before);
    expect(await eventsOf(project)).toEqual(['ProjectCreated']);
  });
});

describe('the people of an organization', () => {
  it('are known by key and name to its members, from sign-up on', async () => {
    const email = someEmail();
    const { account } = await orgs.signUp({ email, firstName: 'Åsa', lastName: 'Öst' });
    const { ask, org } = projectsFor(account.id, account.personalOrg);
    const keys = await withStatements(() => ask<{ items: MemberKey[] }>(projectMessages.memberKeys, { org }));
    expect(keys.outcome).toMatchObject({
      value: { items: [{ account: account.id, publicKey: account.publicKey }] },
    });
    expect(keys.statements).toEqual(['reach', 'keys-of-members']);
    const stranger = (await orgs.signUp()).account.id;
    const accounts = [stranger, account.id, newAccountId()];
    const people = await withStatements(() =>
      ask<{ items: Person[] }>(projectMessages.people, { org, accounts }),
    );
    expect(people.outcome).toMatchObject({
      value: { items: [{ account: account.id, firstName: 'Åsa', lastName: 'Öst', email }] },
    });
    expect(people.statements).toEqual(['reach', 'people-of']);
  });
});

describe('an organization for several people', () => {
  it('has its default project from the beginning, and one however often the command comes', async () => {
    const { account } = await orgs.signUp();
    const [org, command] = [newOrgId(), newCommandId()];
    const { ask, list, access } = projectsFor(account.id, org);
    const create = () => ask<Organization>(orgsMessages.createOrganization, { org, command, name: 'Acme' });
    const all = await Promise.all(Array.from({ length: 8 }, create));
    expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(all[0]).toMatchObject({ id: org, name: 'Acme', kind: 'team', owner: account.id });
    expect((await list()).map(({ id }) => id)).toEqual([defaultProjectOf(org)]);
    expect(await access(defaultProjectOf(org))).toMatchObject({ kind: 'team', owner: account.id });
    expect(await eventsOf(defaultProjectOf(org))).toEqual(['ProjectCreated']);
    await expect(
      ask(orgsMessages.createOrganization, { org, command: newCommandId(), name: 'Acme' }),
    ).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});
