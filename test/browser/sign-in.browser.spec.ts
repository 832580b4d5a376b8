import { barriers } from './support/barriers.js';
import { arriveAs, errorText, fillSignIn, heading, member, signIn } from './support/people.js';
import { picture } from './support/picture.js';
import { visit } from './support/visit.js';
import { browser, origin, visitor, visiting } from './support/visiting.js';

visiting();

describe('signing in', () => {
  it('leads to the projects, and out again', async () => {
    const person = await member(origin);
    await visitor.go('/app/sign-in');
    expect(await barriers(visitor.page)).toEqual([]);
    await picture(visitor.page, 'sign-in');
    await signIn(visitor, person);
    expect(await barriers(visitor.page)).toEqual([]);
    await picture(visitor.page, 'projects');
    await visitor.keys.press(visitor.page.getByRole('button', { name: 'Sign out' }));
    await heading(visitor, 'Sign in').waitFor();
    await visitor.go('/app/settings/account');
    await heading(visitor, 'Sign in').waitFor();
  });

  it('with a wrong passphrase says so, with a request to ask about, and nothing of whether the account exists', async () => {
    const person = await member(origin);
    const told = async (email: string) => {
      await visitor.go('/app/sign-in');
      await fillSignIn(visitor, { ...person, email, passphrase: 'a wrong passphrase' });
      const [message, request] = (await errorText(visitor)).split('\nRequest ');
      expect(request).toMatch(/^\S+$/);
      return message;
    };
    expect(await told(person.email)).toBe(await told(`nobody-${person.email}`));
    expect(await barriers(visitor.page)).toEqual([]);
    await picture(visitor.page, 'sign-in-wrong-passphrase');
    await visitor.keys.type('email', person.email);
    await visitor.keys.type('passphrase', person.passphrase);
    await visitor.keys.enter();
    await heading(visitor, 'Projects').waitFor();
  });

  it('without a connection says so, and keeps what was typed', async () => {
    const person = await member(origin);
    await visitor.go('/app/sign-in');
    await visitor.page.context().setOffline(true);
    await fillSignIn(visitor, person);
    expect(await errorText(visitor)).toContain('does not answer');
    await visitor.page.context().setOffline(false);
    await visitor.keys.press('submit');
    await heading(visitor, 'Projects').waitFor();
    visitor.complaints.splice(0); // of the missing connection
  });

  it('on a page that needs it goes on to that page', async () => {
    const person = await member(origin);
    await visitor.go('/app/settings/account');
    await heading(visitor, 'Sign in').waitFor();
    await fillSignIn(visitor, person);
    await heading(visitor, 'Account').waitFor();
  });

  it('is asked for again when the session was ended elsewhere', async () => {
    const person = await member(origin);
    const elsewhere = await visit(browser, { origin });
    await arriveAs(visitor, person, origin);
    await visitor.go('/app/dashboard/organizations');
    await heading(visitor, 'Projects').waitFor();
    await signIn(elsewhere, person);
    await elsewhere.go('/app/settings/account');
    const other = elsewhere.page.getByTestId('browser-list').getByRole('button', { name: /^Sign out/ });
    await elsewhere.keys.press(other);
    await other.waitFor({ state: 'detached' });
    await elsewhere.leave();

    await visitor.keys.press(visitor.page.getByRole('link', { name: 'Account' }));
    await heading(visitor, 'Sign in').waitFor();
    expect(await visitor.page.locator('main').innerText()).toContain('Your session has ended');
    expect(await barriers(visitor.page)).toEqual([]);
    await fillSignIn(visitor, person);
    await heading(visitor, 'Account').waitFor();
  });
});
