import { plant } from '../e2e/support/canaries.js';
import { isSignedIn, loginPath, openAsTheApp, sessionOf } from './support/app.js';
import { barriers } from './support/barriers.js';
import { linksTo } from './support/mails.js';
import { arriveAs, errorText, fillSignIn, heading, isRecoveryCodeOf, member } from './support/people.js';
import { picture } from './support/picture.js';
import { loseAnswer, visit, type Visitor } from './support/visit.js';
import { browser, origin, visitor, visiting } from './support/visiting.js';

// Chromium without the app says that it does not know the scheme of the link.
visiting({ forgiven: 'insomnia:' });

const pasted = ({ page }: Visitor) => page.getByTestId('auth-token').inputValue();
const region = ({ page }: Visitor, name: string) => page.getByRole('region', { name, exact: true });
const next = `another horse ${'x'.repeat(4)}`;

async function confirmCode(at: Visitor): Promise<string> {
  const code = await at.page.getByTestId('recovery-code').inputValue();
  plant('secret', code);
  await at.keys.type('recovery-code-confirmation', code.slice(-4));
  await at.keys.enter();
  return code;
}

describe('the account', () => {
  it('shows its devices and signs one out', async () => {
    const person = await member(origin);
    await visitor.go(loginPath());
    await fillSignIn(visitor, person);
    const login = openAsTheApp(await pasted(visitor));
    expect(await isSignedIn(origin, login.token)).toBe(true);
    await visitor.keys.press(visitor.page.getByRole('link', { name: 'Account' }));
    const device = visitor.page.getByTestId('device-list').getByRole('button', { name: /^Sign out/ });
    await device.waitFor();
    expect(await barriers(visitor.page)).toEqual([]);
    await picture(visitor.page, 'account');
    await visitor.keys.press(device);
    await visitor.page.getByText('It is signed out').waitFor();
    expect(await isSignedIn(origin, login.token)).toBe(false);
  });

  it('takes a new passphrase; devices stay, the old one ends, the keys are the same', async () => {
    const person = await member(origin);
    plant('secret', next);
    await visitor.go(loginPath());
    await fillSignIn(visitor, person);
    const before = openAsTheApp(await pasted(visitor));
    const keys = (await sessionOf(origin, before)).symmetricKey;
    await visitor.keys.press(visitor.page.getByRole('link', { name: 'Account' }));
    const form = region(visitor, 'Passphrase');
    await visitor.keys.type(form.getByTestId('passphrase'), 'not this one');
    await visitor.keys.type(form.getByTestId('new-passphrase'), next);
    await visitor.keys.enter();
    expect(await errorText(visitor)).toContain('not your passphrase');
    await visitor.keys.type(form.getByTestId('passphrase'), person.passphrase);
    await visitor.keys.press(form.getByTestId('submit'));
    await form.getByText('Changed.').waitFor();
    expect(await isSignedIn(origin, before.token)).toBe(true);

    const other = await visit(browser, { origin });
    await other.go(loginPath());
    await fillSignIn(other, person);
    expect(await errorText(other)).toMatch(/Request/);
    await fillSignIn(other, { ...person, passphrase: next });
    const after = openAsTheApp(await pasted(other));
    expect(after.key).not.toBe(before.key);
    expect((await sessionOf(origin, after)).symmetricKey).toEqual(keys);
    await other.leave();
  });

  it('is recovered with the code: a new passphrase, a new code, the same keys, all sessions ended', async () => {
    const person = await member(origin);
    plant('secret', next);
    await visitor.go(loginPath());
    await fillSignIn(visitor, person);
    const before = openAsTheApp(await pasted(visitor));
    const keys = (await sessionOf(origin, before)).symmetricKey;

    const other = await visit(browser, { origin });
    await other.go(loginPath());
    await other.keys.press(other.page.getByRole('link', { name: 'Forgot the passphrase?' }));
    await picture(other.page, 'recovery');
    expect(await barriers(other.page)).toEqual([]);
    await other.keys.type('email', person.email);
    await other.keys.type('recovery-code', person.recoveryCode.slice(0, -1));
    await other.keys.type('passphrase', next);
    await other.keys.enter();
    expect(await errorText(other)).toContain('not a recovery code');
    await other.keys.type('recovery-code', person.recoveryCode.toLowerCase().replaceAll('-', ' '));
    await other.keys.enter();
    await heading(other, 'Your recovery code').waitFor();
    expect(await confirmCode(other)).not.toBe(person.recoveryCode);
    const after = openAsTheApp(await pasted(other));
    expect((await sessionOf(origin, after)).symmetricKey).toEqual(keys);
    expect(await isSignedIn(origin, before.token)).toBe(false);

    await other.go('/app/recovery');
    await other.keys.type('email', person.email);
    await other.keys.type('recovery-code', person.recoveryCode);
    await other.keys.type('passphrase', next);
    await other.keys.enter();
    expect(await errorText(other)).toMatch(/Request/);
    await other.leave();
  });

  it('is recovered although the answer to it was lost', async () => {
    const person = await member(origin);
    plant('secret', next);
    await loseAnswer(visitor, 'recovery/finish');
    await visitor.go('/app/recovery');
    await visitor.keys.type('email', person.email);
    await visitor.keys.type('recovery-code', person.recoveryCode);
    await visitor.keys.type('passphrase', next);
    await visitor.keys.enter();
    await heading(visitor, 'Your recovery code').waitFor();
    const code = await confirmCode(visitor);
    expect(await errorText(visitor)).toContain('does not answer');
    await visitor.keys.press('submit');
    await heading(visitor, 'Projects').waitFor();
    expect(await isRecoveryCodeOf(origin, person.email, code)).toBe(true);
    visitor.complaints.splice(0); // of the lost answer
  });

  it('gets a new recovery code; the old one ends when it is confirmed', async () => {
    const person = await member(origin);
    await arriveAs(visitor, person, origin);
    await visitor.go('/app/settings/account');
    const form = region(visitor, 'Recovery code');
    await visitor.keys.type(form.getByLabel('Your passphrase', { exact: true }), person.passphrase);
    await visitor.keys.enter();
    await visitor.page.getByTestId('recovery-code').waitFor();
    expect(await isRecoveryCodeOf(origin, person.email, person.recoveryCode)).toBe(true);
    const code = await confirmCode(visitor);
    await form.getByRole('button', { name: 'Make a new code' }).waitFor();
    expect(await isRecoveryCodeOf(origin, person.email, person.recoveryCode)).toBe(false);
    expect(await isRecoveryCodeOf(origin, person.email, code)).toBe(true);
  });

  it('has its address verified by the link in the mail, once', async () => {
    const person = await member(origin);
    const [link = ''] = await linksTo(person.email);
    expect(link).toMatch(new RegExp(`^${origin}/app/verify#`));
    await arriveAs(visitor, person, origin);
    await visitor.go('/app/dashboard/organizations');
    await visitor.page.getByText('not verified yet').waitFor();
    await visitor.go(link.slice(origin.length));
    await heading(visitor, 'Your address is verified').waitFor();
    expect(new URL(visitor.page.url()).hash).toBe('');
    expect(await barriers(visitor.page)).toEqual([]);
    await picture(visitor.page, 'verified');
    await visitor.keys.press(visitor.page.getByRole('link', { name: 'Go to your projects' }));
    await heading(visitor, 'Projects').waitFor();
    await visitor.page.getByRole('heading', { name: 'Personal' }).waitFor();
    expect(await visitor.page.locator('main').innerText()).not.toContain('not verified');
    await visitor.go(`/app/verify#${'x'.repeat(43)}`);
    expect(await errorText(visitor)).toMatch(/Request/);
  });

  it('has the verification mail sent again', async () => {
    const person = await member(origin);
    await arriveAs(visitor, person, origin);
    await visitor.go('/app/settings/account');
    await visitor.keys.press(region(visitor, 'Profile').getByTestId('submit'));
    await visitor.page.getByText('Sent. Open the link').waitFor();
    expect(await linksTo(person.email, 2)).toHaveLength(2);
  });
});
