import { plant } from '../e2e/support/canaries.js';
import { isSignedIn, loginPath, openAsTheApp, sessionOf } from './support/app.js';
import { barriers } from './support/barriers.js';
import { arriveAs, errorText, fillSignIn, heading, member } from './support/people.js';
import { picture } from './support/picture.js';
import type { Visitor } from './support/visit.js';
import { origin, visitor, visiting } from './support/visiting.js';

// Chromium without the app says that it does not know the scheme of the link.
visiting({ forgiven: 'insomnia:' });

/** As other devices did before, without a page. */
async function connectDevice({ page }: Visitor, device: string): Promise<string> {
  const response = await page.request.post(`${origin}/app/api/app-sessions`, {
    headers: { origin },
    data: { device, appVersion: '' },
  });
  const { token } = (await response.json()) as { token: string };
  plant('secret', token);
  return token;
}

const pasted = ({ page }: Visitor) => page.getByTestId('auth-token').inputValue();

describe('the hand-off to the app', () => {
  it.each(['older', 'newer'] as const)(
    'gives the %s app a session that it alone can open',
    async (version) => {
      const person = await member(origin);
      await visitor.go(loginPath(version));
      expect(await barriers(visitor.page)).toEqual([]);
      await picture(visitor.page, 'connect-sign-in');
      await fillSignIn(visitor, person);
      await heading(visitor, 'Back to the app').waitFor();
      expect(await barriers(visitor.page)).toEqual([]);
      await picture(visitor.page, 'connect-done');

      const login = openAsTheApp(await pasted(visitor));
      expect(Object.keys(login)).toEqual(['token', 'key']);
      expect(login.token).toMatch(/^sess_[\w-]{43}$/);
      expect((await sessionOf(origin, login)).email).toBe(person.email);

      const link = await visitor.page.getByTestId('open-app').getAttribute('href');
      const [, box] = /^insomnia:\/\/app\/auth\/finish\?box=([^&]+)$/.exec(link ?? '') ?? [];
      expect(openAsTheApp(box ?? '')).toEqual(login);
      expect(decodeURIComponent(box ?? '')).toBe(await pasted(visitor));
    },
  );

  it('asks somebody signed in for the passphrase alone, and says when it is wrong', async () => {
    const person = await member(origin);
    await arriveAs(visitor, person, origin);
    await visitor.go(loginPath());
    await visitor.page.getByText('will be signed in as').waitFor();
    await picture(visitor.page, 'connect-passphrase');
    expect(await barriers(visitor.page)).toEqual([]);
    await visitor.keys.type('passphrase', 'a wrong passphrase');
    await visitor.keys.enter();
    expect(await errorText(visitor)).toContain('not your passphrase');
    await visitor.keys.type('passphrase', person.passphrase);
    await visitor.keys.enter();
    expect((await sessionOf(origin, openAsTheApp(await pasted(visitor)))).email).toBe(person.email);
  });

  it('over the limit of devices lets the person choose which one goes', async () => {
    const person = await member(origin);
    await arriveAs(visitor, person, origin);
    const tokens = [];
    for (const name of ['the desk', 'the sofa', 'the train']) tokens.push(await connectDevice(visitor, name));
    await visitor.go(loginPath());
    await visitor.keys.type('passphrase', person.passphrase);
    await visitor.keys.enter();
    await heading(visitor, 'Which device shall go?').waitFor();
    expect(await barriers(visitor.page)).toEqual([]);
    await picture(visitor.page, 'device-limit');
    const choices = visitor.page.getByTestId('device-list').getByRole('button');
    expect(await choices.count()).toBe(3);
    await visitor.keys.press(choices.filter({ hasText: 'the sofa' }));
    tokens.push(openAsTheApp(await pasted(visitor)).token);
    const alive = await Promise.all(tokens.map((token) => isSignedIn(origin, token)));
    expect(alive).toEqual([true, false, true, true]);
  });

  it('without the key of an app says where to begin', async () => {
    for (const query of ['', '?loginKey=', '?loginKey=abc', `?loginKey=${'A'.repeat(44)}`]) {
      await visitor.go(`/app/auth-app/${query}`);
      await heading(visitor, 'Open this page from the app').waitFor();
    }
    expect(await barriers(visitor.page)).toEqual([]);
  });
});
