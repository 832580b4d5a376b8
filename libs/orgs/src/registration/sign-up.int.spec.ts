import {
  accountMessages,
  defaultProjectOf,
  newCommandId,
  orgsMessages,
  personalOrgOf,
  projectMessages,
  type AccountView,
  type Organization,
  type Page,
  type Project,
  type Registration,
} from '@tidemark/contracts';
import { freshDatabase } from '@tidemark/testing';
import {
  passphraseKeys,
  PUBLIC_JWK,
  servedOrgs,
  signUpMessage,
  someEmail,
  type ServedOrgs,
} from '../../test/served-orgs.js';

let orgs: ServedOrgs;
beforeAll(async () => {
  orgs = await servedOrgs(await freshDatabase());
});
afterAll(() => orgs.close());

const refused = (code: string, text = '') =>
  expect.objectContaining({ code, message: expect.stringContaining(text) });

const rowsOf = async (table: string) =>
  (await orgs.database.asOwner<{ n: number }>(`select count(*)::int as n from orgs.${table}`))[0]!.n;

const TABLES = [
  'people',
  'accounts',
  'key_history',
  'sessions',
  'email_index',
  'session_index',
  'mails',
  'projects',
  'events',
  'streams',
];
const counts = async () =>
  Object.fromEntries(await Promise.all(TABLES.map(async (t) => [t, await rowsOf(t)])));

describe('signing up', () => {
  it('makes account, personal organization, default project and session, all there at once', async () => {
    const message = signUpMessage({ email: ` ${someEmail().toUpperCase()} `.trim() });
    const { account, session, token } = await orgs.ask<Awaited<ReturnType<ServedOrgs['signUp']>>>(
      accountMessages.signUp,
      message,
    );
    const org = personalOrgOf(account.id);
    expect(account).toMatchObject({
      email: message.email,
      firstName: 'Ada',
      emailVerified: false,
      personalOrg: org,
      kdf: message.kdf,
      publicKey: message.publicKey,
      encPrivateKey: message.encPrivateKey,
      encSymmetricKey: message.encSymmetricKey,
    });
    expect(await orgs.authenticate(token)).toEqual({
      account: account.id,
      session,
      kind: 'web',
      operator: account.operator,
      emailVerified: false,
      organizations: [org],
    });
    const actor = { account: account.id };
    expect(await orgs.ask<AccountView>(accountMessages.account, {}, actor)).toEqual(account);
    const { items } = await orgs.ask<{ items: Project[] }>(projectMessages.list, { org }, actor);
    expect(items).toEqual([
      { id: defaultProjectOf(org), org, name: 'Default project', createdAt: account.createdAt },
    ]);
    const listed = await orgs.ask<Page<Organization>>(orgsMessages.listOrganizations, { limit: 50 }, actor);
    expect(listed.items).toEqual([
      { id: org, name: 'Personal', kind: 'personal', owner: account.id, createdAt: account.createdAt },
    ]);
    expect(await orgs.access(org, account.id, defaultProjectOf(org))).toEqual({
      org,
      kind: 'personal',
      owner: account.id,
      level: 'write',
    });
  });

  it('happens once, however often and in whichever case the same address comes', async () => {
    const email = someEmail();
    await orgs.signUp({ email });
    const before = await counts();
    const again = [email, email.toUpperCase(), ` ${email}`.trim()].map((email) => orgs.signUp({ email }));
    for (const outcome of await Promise.allSettled(again))
      expect(outcome).toMatchObject({ reason: refused('CONFLICT', 'already') });
    expect(await counts()).toEqual(before);
  });

  it('of 16 at the same moment makes one account, or nothing of the others', async () => {
    const email = someEmail();
    const before = await counts();
    const all = await Promise.allSettled(Array.from({ length: 16 }, () => orgs.signUp({ email })));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const after = await counts();
    const more = Object.fromEntries(TABLES.map((table) => [table, after[table]! - before[table]!]));
    expect(more).toEqual({
      people: 1,
      accounts: 1,
      key_history: 1,
      sessions: 1,
      email_index: 1,
      session_index: 1,
      mails: 1,
      projects: 1,
      events: 4,
      streams: 3,
    });
  });

  it('sent again because its answer was lost, signs in to the same account', async () => {
    const message = signUpMessage();
    const [first, second] = [
      await orgs.ask<{ account: AccountView; session: string }>(accountMessages.signUp, message),
      await orgs.ask<{ account: AccountView; session: string }>(accountMessages.signUp, message),
    ];
    expect(second.account).toEqual(first.account);
    expect(second.session).not.toBe(first.session);
    const stolen = { ...message, ...passphraseKeys('a guess') };
    await expect(orgs.ask(accountMessages.signUp, stolen)).rejects.toEqual(refused('INVALID_CREDENTIALS'));
    const others = { ...message, email: someEmail() };
    const other = await orgs.ask<{ account: AccountView }>(accountMessages.signUp, others);
    expect(other.account.id).not.toBe(first.account.id);
  });

  const jwk = (more: object) => JSON.stringify({ ...PUBLIC_JWK, ...more });
  const short = `${PUBLIC_JWK.n!.slice(0, 170)}A`;
  it.each([
    ['no JSON', 'x'.repeat(200), 'JSON'],
    ['a list', `[${'1,'.repeat(60)}1]`, 'JSON object'],
    ['another kind', jwk({ kty: 'EC' }), 'kty'],
    ['another algorithm', jwk({ alg: 'RSA-OAEP' }), 'alg'],
    ['another use', jwk({ key_ops: ['sign'] }), 'key_ops'],
    ['a private key', jwk({ d: 'AQAB' }), 'private'],
    ['an odd exponent', jwk({ e: 'Aw' }), 'exponent'],
    ['a short modulus', jwk({ n: short }), 'bits'],
    ['a modulus that is none', jwk({ n: '!'.repeat(342) }), 'bits'],
  ])('refuses %s as public key and changes nothing', async (_what, publicKey, text) => {
    const before = await counts();
    await expect(orgs.signUp({ publicKey })).rejects.toEqual(refused('INVALID_INPUT', text));
    expect(await counts()).toEqual(before);
  });

  it.each([
    { email: 'nobody' },
    { authenticationKey: 'ABC' },
    { encSymmetricKey: '{}' },
    { kdf: { ...passphraseKeys('x').kdf, m: 1 } },
    { recovery: { authenticationKey: 'x', encSymmetricKey: 'y' } },
  ])('refuses %j', async (more) => {
    await expect(orgs.signUp(more as object)).rejects.toEqual(refused('INVALID_INPUT'));
  });
});

describe('who may sign up', () => {
  const opened: ServedOrgs[] = [];
  const open = async (options: Parameters<typeof servedOrgs>[1]) => {
    const one = await servedOrgs(await freshDatabase(), options);
    opened.push(one);
    return one;
  };
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });
  const registration = (one: ServedOrgs) => one.ask<Registration>(accountMessages.registration, {});

  it('the first becomes operator where only this machine comes in, and nobody after it', async () => {
    const one = await open({ registration: 'closed' });
    expect(await registration(one)).toEqual({ policy: 'closed', needsOperator: true, codeless: true });
    const all = await Promise.allSettled(Array.from({ length: 6 }, () => one.signUp()));
    const made = all.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(made.map(({ account }) => account.operator)).toEqual([true]);
    await expect(one.signUp()).rejects.toEqual(refused('FORBIDDEN', 'Ask the operator'));
    expect((await registration(one)).needsOperator).toBe(false);
  });

  it('elsewhere the setup code makes the first operator, once', async () => {
    const setupCode = 'c0de-c0de-c0de-c0de';
    const one = await open({ registration: 'closed', setupCode });
    await expect(one.signUp()).rejects.toEqual(refused('FORBIDDEN', 'setup code'));
    await expect(one.signUp({ setupCode: 'guess' })).rejects.toEqual(refused('FORBIDDEN', 'not the setup'));
    const { account } = await one.signUp({ setupCode });
    expect(account.operator).toBe(true);
    await expect(one.signUp({ setupCode })).rejects.toEqual(refused('FORBIDDEN', 'used already'));
  });

  it('a signed-in account becomes operator with the code, once', async () => {
    const setupCode = 'c0de-c0de-c0de-c0de';
    const one = await open({ setupCode });
    const [first, second] = [await one.signUp(), await one.signUp()];
    expect(first.account.operator).toBe(false);
    const make = (account: string, setupCode: string) =>
      one.ask<AccountView>(accountMessages.makeOperator, { setupCode }, { account });
    await expect(make(first.account.id, 'wrong')).rejects.toEqual(refused('FORBIDDEN'));
    expect((await make(first.account.id, setupCode)).operator).toBe(true);
    await expect(make(second.account.id, setupCode)).rejects.toEqual(refused('FORBIDDEN'));
    expect((await one.authenticate(first.token)).operator).toBe(true);
  });

  it('of a domain only those who have an address there, and a device only once it is verified', async () => {
    const one = await open({ registration: 'domain:example.org' });
    await one.signUp();
    await expect(one.signUp({ email: 'eve@example.org.evil.net' })).rejects.toEqual(
      refused('FORBIDDEN', 'example.org'),
    );
    await expect(one.signUp({ email: 'eve@sub.example.org' })).rejects.toEqual(refused('FORBIDDEN'));
    const { account } = await one.signUp();
    await expect(one.startApp(account.id)).rejects.toEqual(refused('FORBIDDEN', 'mail'));
  });

  it('nobody is told whether there is an address when they may not sign up at all', async () => {
    const one = await open({ registration: 'closed' });
    const { account } = await one.signUp();
    const known = await one.signUp({ email: account.email }).catch((error: unknown) => error);
    const unknown = await one.signUp().catch((error: unknown) => error);
    expect(known).toEqual(unknown);
  });

  it('an operator makes accounts whatever the policy, others do not', async () => {
    const one = await open({ registration: 'closed' });
    const { account: operator } = await one.signUp();
    const message = { ...signUpMessage(), byOperator: true };
    const made = (account: string) =>
      one.ask<{ account: AccountView; token?: string }>(accountMessages.signUp, message, { account });
    const { account, token } = await made(operator.id);
    expect([account.operator, token]).toEqual([false, undefined]);
    expect(await made(operator.id)).toEqual({ account });
    await expect(made(account.id)).rejects.toEqual(refused('FORBIDDEN', 'operator'));
    await expect(one.ask(accountMessages.signUp, { ...message, command: newCommandId() })).rejects.toEqual(
      refused('FORBIDDEN', 'operator'),
    );
    expect((await one.signIn(message.email)).account.id).toBe(account.id);
  });
});
