import { accountMessages, type Kdf } from '@tidemark/contracts';
import { freshDatabase } from '@tidemark/testing';
import { hex64, passphraseKeys, servedOrgs, someEmail, type ServedOrgs } from '../../test/served-orgs.js';
import { withStatements } from '../../test/statements.js';

let orgs: ServedOrgs;
beforeAll(async () => {
  orgs = await servedOrgs(await freshDatabase());
});
afterAll(() => orgs.close());

const WRONG = 'wrong passphrase';
const limited = (retryAfter?: number) =>
  expect.objectContaining({ code: 'RATE_LIMITED', ...(retryAfter === undefined ? {} : { retryAfter }) });
const invalid = expect.objectContaining({ code: 'INVALID_CREDENTIALS' });
/** What goes out to whoever asked. */
const seen = (outcome: PromiseSettledResult<unknown>) =>
  outcome.status === 'rejected'
    ? { ...(outcome.reason as object), message: (outcome.reason as Error).message }
    : outcome.value;
const codeOf = (outcome: PromiseSettledResult<unknown>) =>
  outcome.status === 'fulfilled' ? 'in' : (outcome.reason as { code: string }).code;
const totals = { requests: 0, in: 0, most: 0 };
const equal = { pairs: 0, statements: 0, different: 0 };

afterAll(() =>
  console.log(
    `GATE R25 requests=${totals.requests} mostTriesPerAccount=${totals.most} guessedIn=${totals.in} ` +
      `pairs=${equal.pairs} statements=${equal.statements} different=${equal.different}`,
  ),
);

describe('an address that nobody has', () => {
  const both = async (pattern: string, messageFor: (email: string) => object) => {
    const { account } = await orgs.signUp();
    const known = await withStatements(() => orgs.ask(pattern, messageFor(account.email)));
    const unknown = await withStatements(() => orgs.ask(pattern, messageFor(someEmail())));
    equal.pairs++;
    equal.statements += known.statements.length;
    if (JSON.stringify(known.statements) !== JSON.stringify(unknown.statements)) equal.different++;
    expect(known.statements.length).toBeGreaterThan(0);
    expect(unknown.statements).toEqual(known.statements);
    return { known, unknown };
  };
  const address = '203.0.113.7';
  const [authenticationKey, recoveryKey] = [hex64(WRONG), hex64(WRONG)];
  const next = { next: passphraseKeys('n'), recovery: { ...passphraseKeys('r'), kdf: undefined } };

  it.each([
    ['sign-in', accountMessages.signIn, { authenticationKey, userAgent: 'x', address }],
    ['the start of a recovery', accountMessages.startRecovery, { recoveryKey, address }],
    [
      'the end of a recovery',
      accountMessages.finishRecovery,
      { recoveryKey, address, userAgent: 'x', ...next },
    ],
  ])('is answered as a wrong secret is: %s', async (_what, pattern, message) => {
    const { known, unknown } = await both(pattern, (email) => ({ email, ...message }));
    expect(known.outcome).toMatchObject({ reason: invalid });
    expect(seen(unknown.outcome)).toEqual(seen(known.outcome));
  });

  it('has a kdf record of the same form, the same one each time', async () => {
    const { known, unknown } = await both(accountMessages.kdf, (email) => ({ email }));
    const [real, made] = [known, unknown].map(({ outcome }) => JSON.stringify(seen(outcome)));
    const withoutSalt = (text: string) => text.replace(/"salt":"[0-9a-f]{32}"/, '"salt"');
    expect(withoutSalt(made!)).toBe(withoutSalt(real!));
    const email = someEmail();
    const kdf = (email: string) => orgs.ask<{ kdf: Kdf }>(accountMessages.kdf, { email });
    expect(await kdf(email)).toEqual(await kdf(email.toUpperCase()));
    expect((await kdf(email)).kdf.salt).not.toBe((await kdf(someEmail())).kdf.salt);
  });

  it('is locked like one that somebody has', async () => {
    const { account } = await orgs.signUp();
    const outcomes = async (email: string) => {
      const all: unknown[] = [];
      for (let tries = 0; tries < 8; tries++)
        all.push(seen((await Promise.allSettled([orgs.signIn(email, WRONG)]))[0]));
      return all;
    };
    expect(await outcomes(someEmail())).toEqual(await outcomes(account.email));
  });
});

describe('guessing', () => {
  const guess = (email: string, more: object = {}) => orgs.signIn(email, WRONG, more);

  it('waits longer with each failure, and the right passphrase waits too', async () => {
    const { account } = await orgs.signUp();
    for (let tries = 0; tries < 4; tries++) await expect(guess(account.email)).rejects.toEqual(invalid);
    await orgs.signIn(account.email);
    for (const wait of [2, 4, 8, 16, 32]) {
      await expect(guess(account.email)).rejects.toEqual(invalid);
      await expect(guess(account.email)).rejects.toEqual(limited(wait));
      orgs.clock.forward(wait - 1);
      await expect(orgs.signIn(account.email)).rejects.toEqual(limited(1));
      orgs.clock.forward(1);
    }
    await expect(guess(account.email)).rejects.toEqual(invalid);
    await expect(orgs.signIn(account.email)).rejects.toEqual(limited(900 - 62));
    orgs.clock.forward(900 - 62);
    expect((await orgs.signIn(account.email)).account.id).toBe(account.id);
  });

  it('says in words how long to wait', async () => {
    const email = someEmail();
    for (let tries = 0; tries < 5; tries++) await expect(guess(email)).rejects.toEqual(invalid);
    await expect(guess(email)).rejects.toMatchObject({ message: 'Too many tries. Try again in 2 seconds.' });
  });

  it('of many at the same moment lets in no more than one after the other would', async () => {
    const { account } = await orgs.signUp();
    const all = await Promise.allSettled(Array.from({ length: 64 }, () => guess(account.email)));
    expect(all.filter((outcome) => codeOf(outcome) === 'INVALID_CREDENTIALS')).toHaveLength(5);
    expect(all.filter((outcome) => codeOf(outcome) === 'RATE_LIMITED')).toHaveLength(59);
  });

  it('does not lock out a browser that has signed in before', async () => {
    const { account, knownDevice } = await orgs.signUp();
    await Promise.allSettled(Array.from({ length: 20 }, () => guess(account.email)));
    await expect(orgs.signIn(account.email)).rejects.toEqual(limited());
    expect((await orgs.signIn(account.email, undefined, { knownDevice })).account.id).toBe(account.id);
    const { knownDevice: ofOther } = await orgs.signUp();
    await expect(orgs.signIn(account.email, undefined, { knownDevice: ofOther })).rejects.toEqual(limited());
    await Promise.allSettled(Array.from({ length: 20 }, () => guess(account.email, { knownDevice })));
    await expect(orgs.signIn(account.email, undefined, { knownDevice })).rejects.toEqual(limited());
  });

  it('from one address ends with the hundredth within an hour, whatever the accounts', async () => {
    const address = '198.51.100.1';
    const { account, knownDevice } = await orgs.signUp();
    for (let tries = 0; tries < 100; tries++)
      await expect(guess(someEmail(), { address })).rejects.toEqual(invalid);
    await expect(guess(someEmail(), { address })).rejects.toEqual(limited(3_600));
    await expect(orgs.signIn(account.email, undefined, { address })).rejects.toEqual(limited());
    await expect(orgs.signUp({ address })).rejects.toEqual(limited());
    await orgs.signIn(account.email, undefined, { address, knownDevice });
    await orgs.signIn(account.email, undefined, { address: '198.51.100.2' });
    orgs.clock.forward(3_600);
    await orgs.signIn(account.email, undefined, { address });
  });

  it('which addresses have accounts by signing up is counted too', async () => {
    const [{ account }, address] = [await orgs.signUp(), '198.51.100.9'];
    const tries = Array.from({ length: 110 }, () => orgs.signUp({ email: account.email, address }));
    const codes = (await Promise.allSettled(tries)).map(codeOf);
    expect(codes.filter((code) => code === 'CONFLICT')).toHaveLength(100);
    expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(10);
  });

  it('from many addresses at few accounts is held to ten in a quarter of an hour', async () => {
    const accounts = await Promise.all(Array.from({ length: 10 }, async () => (await orgs.signUp()).account));
    const tried = new Map<string, number>();
    for (let round = 0; round < 50; round++) {
      const wave = Array.from({ length: 100 }, async (_, n) => {
        const { id, email } = accounts[n % accounts.length]!;
        const code = codeOf((await Promise.allSettled([guess(email)]))[0]);
        totals.requests++;
        if (code === 'in') totals.in++;
        if (code === 'INVALID_CREDENTIALS') tried.set(id, (tried.get(id) ?? 0) + 1);
      });
      await Promise.all(wave);
      orgs.clock.forward(17);
    }
    totals.most = Math.max(...tried.values());
    expect([...tried.values()]).toEqual(accounts.map(() => 10));
    for (const { email } of accounts) await expect(orgs.signIn(email)).rejects.toEqual(limited());
  });
});

describe('signing in', () => {
  it('takes the address in any case, and gives a new session each time', async () => {
    const { account, token } = await orgs.signUp();
    const again = await orgs.signIn(account.email.toUpperCase());
    expect(again.account).toEqual(account);
    expect(again.token).not.toBe(token);
    expect((await orgs.authenticate(again.token)).session).toBe(again.session);
    expect((await orgs.authenticate(token)).account).toBe(account.id);
  });

  it('is asked about in one statement', async () => {
    const { token } = await orgs.signUp();
    const { statements } = await withStatements(() => orgs.authenticate(token));
    expect(statements).toEqual(['authenticate']);
  });
});
