import { randomBytes } from 'node:crypto';
import { accountMessages, type SessionView, type SignedIn } from '@tidemark/contracts';
import { freshDatabase } from '@tidemark/testing';
import { HeldAccount } from '../../test/held-account.js';
import {
  hex64,
  passphraseKeys,
  recoveryKeys,
  servedOrgs,
  signUpMessage,
  type ServedOrgs,
} from '../../test/served-orgs.js';

let orgs: ServedOrgs;
beforeAll(async () => {
  orgs = await servedOrgs(await freshDatabase());
});
afterAll(() => orgs.close());

const invalid = expect.objectContaining({ code: 'INVALID_CREDENTIALS' });
const unauthorized = expect.objectContaining({ code: 'UNAUTHORIZED' });

async function someone() {
  const message = signUpMessage();
  const { account, session, token } = await orgs.signUp(message);
  return { id: account.id, email: account.email, session, token };
}
type Someone = Awaited<ReturnType<typeof someone>>;

const changePassphrase = ({ id, session }: Someone, to: string) =>
  orgs.ask(
    accountMessages.changePassphrase,
    { authenticationKey: hex64('correct horse'), next: passphraseKeys(to) },
    { account: id, session },
  );

/** Each time from another network address. */
const recover = ({ email }: Someone, to: string) =>
  orgs.ask<SignedIn>(accountMessages.finishRecovery, {
    email,
    recoveryKey: recoveryKeys('code').authenticationKey,
    next: passphraseKeys(to),
    recovery: recoveryKeys(`${to} code`),
    userAgent: 'Firefox',
    address: randomBytes(4).toString('hex'),
  });

const endSession = ({ id, session }: Someone) =>
  orgs.ask(accountMessages.endSession, { session }, { account: id });

const sessionsOf = async ({ id }: Someone) =>
  (await orgs.ask<{ items: SessionView[] }>(accountMessages.listSessions, {}, { account: id })).items;

/** Both at the same moment: the first has found its secret good and is not done when the second begins. */
async function atOnce(who: Someone, first: () => Promise<unknown>, second: () => Promise<unknown>) {
  const held = await HeldAccount.of(orgs, who.id);
  const outcomes = [Promise.allSettled([first()])];
  await held.waiting(1);
  outcomes.push(Promise.allSettled([second()]));
  await held.waiting(2);
  await held.letGo();
  const [[one], [two]] = (await Promise.all(outcomes)) as [
    [PromiseSettledResult<unknown>],
    [PromiseSettledResult<unknown>],
  ];
  return [one, two].map((outcome) => (outcome.status === 'fulfilled' ? 'done' : outcome.reason));
}

describe('a session that has ended', () => {
  it('begins no app session, although a gateway may not have heard of its end', async () => {
    const who = await someone();
    await orgs.startApp(who.id);
    await endSession(who);
    await expect(orgs.startApp(who.id)).rejects.toEqual(unauthorized);
    expect((await sessionsOf(who)).map(({ kind }) => kind)).toEqual(['app']);
  });

  it('begins none after it has ended by itself, and none of another account', async () => {
    const [ada, eve] = [await someone(), await someone()];
    const start = (account: string, session: string) =>
      orgs.ask(accountMessages.startAppSession, { device: 'x', appVersion: '' }, { account, session });
    await expect(start(ada.id, eve.session)).rejects.toEqual(unauthorized);
    await expect(
      orgs.ask(accountMessages.startAppSession, { device: 'x', appVersion: '' }, { account: ada.id }),
    ).rejects.toEqual(unauthorized);
    orgs.clock.forward(14 * 86_400);
    await expect(start(ada.id, ada.session)).rejects.toEqual(unauthorized);
  });

  it.each([
    ['a recovery', (who: Someone) => recover(who, 'new')],
    ['whoever ends it', endSession],
  ])('begins none while %s is ending it', async (_what, end) => {
    const who = await someone();
    const outcomes = await atOnce(
      who,
      () => end(who),
      () => orgs.startApp(who.id),
    );
    expect(outcomes).toEqual(['done', unauthorized]);
    expect((await sessionsOf(who)).filter(({ kind }) => kind === 'app')).toEqual([]);
  });
});

describe('a secret that is being replaced', () => {
  it.each([
    ['changed', changePassphrase],
    ['replaced in a recovery', recover],
  ])('lets nobody in any more: the passphrase, %s', async (_what, replace) => {
    const who = await someone();
    const outcomes = await atOnce(
      who,
      () => replace(who, 'new'),
      () => orgs.signIn(who.email, 'correct horse'),
    );
    expect(outcomes).toEqual(['done', invalid]);
    expect(await sessionsOf(who)).toHaveLength(1);
    await orgs.signIn(who.email, 'new');
  });

  it('ends the sign-in that was quicker', async () => {
    const who = await someone();
    const outcomes = await atOnce(
      who,
      () => orgs.signIn(who.email, 'correct horse'),
      () => changePassphrase(who, 'new'),
    );
    expect(outcomes).toEqual(['done', 'done']);
    expect((await sessionsOf(who)).map(({ id }) => id)).toEqual([who.session]);
  });

  it('is of use once: the recovery code, used from two addresses', async () => {
    const who = await someone();
    const outcomes = await atOnce(
      who,
      () => recover(who, 'first'),
      () => recover(who, 'second'),
    );
    expect(outcomes).toEqual(['done', invalid]);
    expect(await sessionsOf(who)).toHaveLength(1);
    await expect(orgs.signIn(who.email, 'second')).rejects.toEqual(invalid);
    await orgs.signIn(who.email, 'first');
  });
});
