import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { accountMessages, type AccountView, type RecoveryMaterial, type SignedIn } from '@tidemark/contracts';
import { freshDatabase } from '@tidemark/testing';
import {
  hex64,
  passphraseKeys,
  recoveryKeys,
  servedOrgs,
  signUpMessage,
  type ServedOrgs,
} from '../../test/served-orgs.js';

let orgs: ServedOrgs;
let mailDir: string;
beforeAll(async () => {
  mailDir = await mkdtemp(join(tmpdir(), 'tidemark-mail-'));
  orgs = await servedOrgs(await freshDatabase(), { mail: { dir: join(mailDir, 'mails') } });
});
afterAll(async () => {
  await orgs.close();
  await rm(mailDir, { recursive: true });
});

const invalid = expect.objectContaining({ code: 'INVALID_CREDENTIALS' });
const unauthorized = expect.objectContaining({ code: 'UNAUTHORIZED' });

interface EmlMail {
  readonly subject: string;
  readonly link: string | undefined;
  readonly text: string;
}

/** Waits until there are so many mails to one address: they are sent a moment after what they tell of. */
async function mailsTo(address: string, count: number): Promise<EmlMail[]> {
  for (const until = Date.now() + 30_000; ; await pause(20)) {
    const files = (await readdir(join(mailDir, 'mails')).catch(() => [])).filter((name) =>
      name.endsWith('.eml'),
    );
    const texts = await Promise.all(
      files.sort().map((name) => readFile(join(mailDir, 'mails', name), 'utf8')),
    );
    const mails = texts.filter((text) => text.includes(`\nTo: ${address}\n`)).map(mailOf);
    if (mails.length >= count || Date.now() > until) return mails;
  }
}

const mailOf = (text: string): EmlMail => ({
  text,
  subject: /^Subject: (.*)$/m.exec(text)![1]!,
  link: /^X-Tidemark-Link: (.*)$/m.exec(text)?.[1],
});

/** The subject of the mail that came beside the one that every account gets. */
const noticeTo = async (address: string) =>
  (await mailsTo(address, 2)).map(({ subject }) => subject).find((subject) => !/^Confirm/.test(subject));

const eventsOf = async (account: string) =>
  (
    await orgs.database.asOwner<{ type: string }>(
      'select type from orgs.events where stream = $1 order by version',
      [`account-${account}`],
    )
  ).map(({ type }) => type);

async function someone() {
  const message = signUpMessage();
  const signedUp = await orgs.signUp(message);
  return { ...signedUp, message, actor: { account: signedUp.account.id, session: signedUp.session } };
}

describe('verifying an address', () => {
  it('is asked for by mail, with a link in the page of which it is opened once or twice', async () => {
    const { account, token, actor } = await someone();
    const [mail] = await mailsTo(account.email, 1);
    expect(mail!.subject).toBe('Confirm your e-mail address for Tidemark');
    expect(mail!.link).toMatch(/^http:\/\/127\.0\.0\.1:7420\/app\/verify#[\w.-]+$/);
    expect(mail!.text.replaceAll('=\n', '').replaceAll('=3D', '=')).toContain(`\n${mail!.link}\n`);
    const linkToken = mail!.link!.split('#')[1]!;
    for (let n = 0; n < 2; n++)
      expect(await orgs.ask(accountMessages.verifyEmail, { token: linkToken })).toEqual({});
    expect((await orgs.authenticate(token)).emailVerified).toBe(true);
    const view = await orgs.ask<AccountView>(accountMessages.account, {}, actor);
    expect(view).toEqual({ ...account, emailVerified: true });
    expect((await eventsOf(account.id)).filter((type) => type === 'EmailVerified')).toHaveLength(1);
  });

  it('is refused for a link that is another one, of another account or none', async () => {
    const [ada, eve] = [await someone(), await someone()];
    const link = async (who: SignedIn) => (await mailsTo(who.account.email, 1))[0]!.link!.split('#')[1]!;
    const [adas, eves] = [await link(ada), await link(eve)];
    const mixed = `${adas.split('.')[0]}.${eves.split('.')[1]}`;
    const nobodys = `${'0'.repeat(32)}.${adas.split('.')[1]}`;
    for (const token of [mixed, nobodys, 'x'.repeat(30), `${adas}x`])
      await expect(orgs.ask(accountMessages.verifyEmail, { token })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringContaining('This link'),
      });
    expect(await orgs.ask<AccountView>(accountMessages.account, {}, ada.actor)).toMatchObject({
      emailVerified: false,
    });
  });

  it('is asked for again on request, five times an hour and not when it is done', async () => {
    const { account, actor } = await someone();
    const send = () => orgs.ask(accountMessages.sendVerification, {}, actor);
    for (let n = 0; n < 5; n++) expect(await send()).toEqual({});
    await expect(send()).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    const mails = await mailsTo(account.email, 6);
    expect(new Set(mails.map(({ link }) => link)).size).toBe(1);
    await orgs.ask(accountMessages.verifyEmail, { token: mails[0]!.link!.split('#')[1]! });
    expect(await send()).toEqual({});
    expect(await mailsTo(account.email, 6)).toHaveLength(6);
  });
});

describe('a new passphrase', () => {
  const change = (actor: object, passphrase: string, next: string) =>
    orgs.ask<AccountView>(
      accountMessages.changePassphrase,
      { authenticationKey: hex64(passphrase), next: passphraseKeys(next) },
      actor,
    );

  it('takes the place of the old one, keeps this browser and the devices, and ends other browsers', async () => {
    const { account, token, actor } = await someone();
    const [app, other] = [await orgs.startApp(account.id), await orgs.signIn(account.email)];
    const changed = await change(actor, 'correct horse', 'battery staple');
    const { kdf, encSymmetricKey } = passphraseKeys('battery staple');
    expect(changed).toEqual({ ...account, kdf, encSymmetricKey });
    await orgs.authenticate(token);
    await orgs.authenticate(app.token);
    await expect(orgs.authenticate(other.token)).rejects.toEqual(unauthorized);
    await expect(orgs.signIn(account.email)).rejects.toEqual(invalid);
    expect((await orgs.signIn(account.email, 'battery staple')).account).toEqual(changed);
    expect(await orgs.ask(accountMessages.kdf, { email: account.email })).toEqual({ kdf });
    expect(await noticeTo(account.email)).toBe('Your Tidemark passphrase was changed');
  });

  it('needs the old one, and guessing it is slowed down', async () => {
    const { account, actor } = await someone();
    for (let n = 0; n < 5; n++) await expect(change(actor, `guess ${n}`, 'x')).rejects.toEqual(invalid);
    await expect(change(actor, 'correct horse', 'x')).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      retryAfter: 2,
    });
    await orgs.signIn(account.email);
    expect(await eventsOf(account.id)).not.toContain('PassphraseChanged');
  });
});

describe('the recovery code', () => {
  const address = '203.0.113.9';
  const start = (email: string, code: string) =>
    orgs.ask<RecoveryMaterial>(accountMessages.startRecovery, {
      email,
      recoveryKey: recoveryKeys(code).authenticationKey,
      address,
    });
  const finish = (email: string, code: string, passphrase: string, nextCode: string) =>
    orgs.ask<SignedIn>(accountMessages.finishRecovery, {
      email,
      recoveryKey: recoveryKeys(code).authenticationKey,
      next: passphraseKeys(passphrase),
      recovery: recoveryKeys(nextCode),
      userAgent: 'Firefox',
      address,
    });

  it('gives the keys back, a new passphrase and a new code, ends all sessions and is told by mail', async () => {
    const { account, token, message } = await someone();
    const app = await orgs.startApp(account.id);
    expect(await start(account.email.toUpperCase(), 'code')).toEqual({
      encSymmetricKey: message.recovery.encSymmetricKey,
      encPrivateKey: message.encPrivateKey,
      publicKey: message.publicKey,
    });
    const back = await finish(account.email, 'code', 'new passphrase', 'new code');
    const { kdf, encSymmetricKey } = passphraseKeys('new passphrase');
    expect(back.account).toEqual({ ...account, kdf, encSymmetricKey });
    await orgs.authenticate(back.token);
    for (const old of [token, app.token]) await expect(orgs.authenticate(old)).rejects.toEqual(unauthorized);
    await expect(orgs.signIn(account.email)).rejects.toEqual(invalid);
    await orgs.signIn(account.email, 'new passphrase');
    await expect(start(account.email, 'code')).rejects.toEqual(invalid);
    expect(await start(account.email, 'new code')).toMatchObject({
      encSymmetricKey: recoveryKeys('new code').encSymmetricKey,
    });
    expect(await eventsOf(account.id)).toEqual([
      ...['AccountCreated', ...operatorOf(account), 'SessionStarted', 'SessionStarted'],
      ...['RecoveryCodeUsed', 'SessionEnded', 'SessionEnded', 'SessionStarted', 'SessionStarted'],
    ]);
    expect(await noticeTo(account.email)).toBe('Your Tidemark recovery code was used');
  });

  it('of which somebody sends the last step twice works once', async () => {
    const { account } = await someone();
    const both = await Promise.allSettled([
      finish(account.email, 'code', 'one', 'code one'),
      finish(account.email, 'code', 'two', 'code two'),
    ]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const rejected = both.find(({ status }) => status === 'rejected');
    expect(rejected).toMatchObject({ reason: invalid });
  });

  it('that is wrong changes nothing', async () => {
    const { account, token } = await someone();
    await expect(start(account.email, 'guess')).rejects.toEqual(invalid);
    await expect(finish(account.email, 'guess', 'x', 'y')).rejects.toEqual(invalid);
    await orgs.authenticate(token);
    await start(account.email, 'code');
  });

  it('is made anew with the passphrase, and the old one is of no use', async () => {
    const { account, actor, token } = await someone();
    const replace = (passphrase: string) =>
      orgs.ask(
        accountMessages.replaceRecovery,
        { authenticationKey: hex64(passphrase), recovery: recoveryKeys('second') },
        actor,
      );
    await expect(replace('wrong')).rejects.toEqual(invalid);
    await start(account.email, 'code');
    expect(await replace('correct horse')).toEqual({});
    await expect(start(account.email, 'code')).rejects.toEqual(invalid);
    await start(account.email, 'second');
    await orgs.authenticate(token);
    expect(await noticeTo(account.email)).toBe('Your Tidemark recovery code was replaced');
  });

  const operatorOf = ({ operator }: AccountView) => (operator ? ['OperatorMade'] : []);
});
