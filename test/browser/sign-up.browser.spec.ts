import { Device, MemoryStore } from '@tidemark/device';
import type { AppSession } from '@tidemark/e2ee';
import { plant } from '../e2e/support/canaries.js';
import { contents, names, request, rootOf } from '../e2e/support/people.js';
import { loginPath, openAsTheApp, sessionOf } from './support/app.js';
import { barriers } from './support/barriers.js';
import { errorText, heading, isRecoveryCodeOf, signIn, somebody } from './support/people.js';
import { picture } from './support/picture.js';
import { loseAnswer, visit, type Visitor } from './support/visit.js';
import { browser, origin, visitor, visiting } from './support/visiting.js';

visiting();

async function fillIn({ keys }: Visitor, person: ReturnType<typeof somebody>): Promise<void> {
  await keys.type('email', person.email);
  await keys.type('passphrase', person.passphrase);
  await keys.type(visitor.page.getByLabel('First name'), person.firstName);
  await keys.type(visitor.page.getByLabel('Last name'), person.lastName);
  await keys.enter();
}

async function deviceWith(session: AppSession): Promise<Device> {
  const device = await Device.open({ url: origin, store: new MemoryStore(), name: 'a device' });
  await device.signInWith(session);
  return device;
}

async function codeShown({ page }: Visitor): Promise<string> {
  const code = await page.getByTestId('recovery-code').inputValue();
  plant('secret', code);
  return code;
}

describe('signing up', () => {
  it('makes an account, shows its recovery code once and wants it confirmed', async () => {
    const person = somebody();
    await visitor.go('/app/sign-up');
    expect(await barriers(visitor.page)).toEqual([]);
    await picture(visitor.page, 'sign-up');
    await fillIn(visitor, person);
    await heading(visitor, 'Your recovery code').waitFor();
    expect(await barriers(visitor.page)).toEqual([]);
    await picture(visitor.page, 'recovery-code');

    const code = await codeShown(visitor);
    await visitor.keys.type('recovery-code-confirmation', '0000');
    await visitor.keys.enter();
    expect(await errorText(visitor)).toContain('not the last group');
    await visitor.keys.type('recovery-code-confirmation', code.slice(-4).toLowerCase());
    await visitor.keys.enter();
    await heading(visitor, 'Projects').waitFor();

    const other = await visit(browser, { origin });
    await signIn(other, person);
    expect(await other.page.locator('body').innerText()).not.toContain(code);
    await other.leave();
  });

  it('from the app leads back to the app, which then pushes, and another device of theirs pulls', async () => {
    const person = somebody();
    await visitor.go(loginPath('newer'));
    await visitor.keys.press(visitor.page.getByRole('link', { name: 'Create an account' }));
    await fillIn(visitor, person);
    const code = await codeShown(visitor);
    await visitor.keys.type('recovery-code-confirmation', code);
    await visitor.keys.enter();
    await heading(visitor, 'Back to the app').waitFor();
    const login = openAsTheApp(await visitor.page.getByTestId('auth-token').inputValue());
    const session = await sessionOf(origin, login);
    expect(session.email).toBe(person.email);

    const [desk, sofa] = [await deviceWith(session), await deviceWith(session)];
    const file = await desk.createFile({ ...(await desk.home()), name: 'Engine' });
    await file.put(request(1, 'First', await rootOf(file)));
    await file.commit('A request');
    await file.push();
    await sofa.restore();
    expect(await contents(sofa.file(file.id))).toEqual(await contents(file));
    expect(await names(sofa.file(file.id))).toContain('First');
  });

  it('goes on with the same keys after an answer that was lost', async () => {
    const person = somebody();
    await loseAnswer(visitor, 'sign-up');
    await visitor.go('/app/sign-up');
    await fillIn(visitor, person);
    expect(await errorText(visitor)).toContain('does not answer');
    await visitor.keys.press('submit');
    const code = await codeShown(visitor);
    expect(await isRecoveryCodeOf(origin, person.email, code)).toBe(true);
    visitor.complaints.splice(0); // of the lost answer
  });

  it('keeps what was typed when the address is taken or the passphrase too short', async () => {
    const person = somebody();
    await visitor.go('/app/sign-up');
    await visitor.keys.type('email', person.email);
    await visitor.keys.type('passphrase', 'short');
    await visitor.keys.enter();
    expect(await errorText(visitor)).toContain('at least 8 characters');
    await visitor.keys.type('passphrase', person.passphrase);
    await visitor.keys.enter();
    await codeShown(visitor);

    const second = await visit(browser, { origin });
    await second.go('/app/sign-up');
    await second.keys.type('email', person.email);
    await second.keys.type('passphrase', person.passphrase);
    await second.keys.enter();
    expect(await errorText(second)).toMatch(/Request \S+/);
    expect(await second.page.getByTestId('email').inputValue()).toBe(person.email);
    expect(await barriers(second.page)).toEqual([]);
    await second.leave();
  });
});
