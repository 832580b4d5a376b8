import type { Browser } from 'playwright-core';
import { product } from '../e2e/support/product.js';
import { barriers } from './support/barriers.js';
import { elsewhere, startChromium } from './support/chromium.js';
import { arriveAs, heading, member } from './support/people.js';
import { picture } from './support/picture.js';
import { visit } from './support/visit.js';

let browser: Browser;
let origin: string;

beforeAll(async () => {
  origin = (await product()).url;
  browser = await startChromium();
});
afterAll(() => browser.close());

const forAnyone = [
  ['landing', '/app/landing-page', 'Your collections, on your own server'],
  ['sign-up', '/app/sign-up', 'Create an account'],
  ['sign-in', '/app/sign-in', 'Sign in'],
  ['recovery', '/app/recovery', 'Recover your account'],
  ['nothing-to-buy', '/app/subscription/update?plan=team&pay_schedule=year', 'Nothing to buy here'],
  ['nothing-to-buy', '/app/subscription/past-due', 'Nothing to buy here'],
  ['mails', '/app/mails', 'Mails'],
  ['not-found', '/app/no/such/page', 'No such page'],
] as const;

const forMembers = [
  ['projects', '/app/dashboard/organizations', 'Projects'],
  ['more-organizations', '/app/dashboard/organizations?create_org=true', 'Projects'],
  ['account', '/app/settings/account', 'Account'],
] as const;

describe.each(['light', 'dark'] as const)('in %s', (colours) => {
  const dark = colours === 'dark';
  const named = (name: string) => (dark ? `${name}-dark` : name);

  it.each(forAnyone)('%s: %s', async (name, path, title) => {
    const { page, go, leave, complaints, hosts } = await visit(browser, { origin, dark });
    await go(path);
    await page.getByRole('heading', { name: title, level: 1 }).waitFor();
    expect(await page.title()).toBe(`${title} · Tidemark`);
    expect(await barriers(page)).toEqual([]);
    if (!dark || name === 'landing') await picture(page, named(name), { whole: name !== 'mails' });
    await leave();
    expect(complaints).toEqual([]);
    expect([...hosts]).toEqual([new URL(origin).host]);
  });

  it('the pages of somebody signed in', async () => {
    const visitor = await visit(browser, { origin, dark });
    await arriveAs(visitor, await member(origin), origin);
    for (const [name, path, title] of forMembers) {
      await visitor.go(path);
      await heading(visitor, title).waitFor();
      await visitor.page.waitForLoadState('networkidle');
      expect(await barriers(visitor.page)).toEqual([]);
      if ((name === 'account') === dark) await picture(visitor.page, named(name));
    }
    await visitor.leave();
    expect(visitor.complaints).toEqual([]);
  });
});

describe('signing up where not everybody may', () => {
  const installation = { policy: 'closed', needsOperator: false, codeless: false, mails: false, apiUrl: '' };
  const cases = [
    ['nobody', installation, 'Registration is closed', 'tidemark account create'],
    [
      'whoever has the setup code',
      { ...installation, needsOperator: true },
      'Create an account',
      'Setup code',
    ],
    ['the invited', { ...installation, policy: 'invited' }, 'Create an account', 'by invitation'],
    [
      'the people of a domain',
      { ...installation, policy: 'domain', domain: 'example.org' },
      'Create an account',
      'addresses of example.org',
    ],
  ] as const;

  it.each(cases)('%s', async (_, json, title, text) => {
    const visitor = await visit(browser, { origin });
    await visitor.page.route('**/app/api/installation', (route) => route.fulfill({ json }));
    await visitor.go('/app/sign-up');
    await visitor.page.getByText(text).first().waitFor();
    await heading(visitor, title).waitFor();
    expect(await visitor.page.getByLabel('Setup code').count()).toBe(text === 'Setup code' ? 1 : 0);
    expect(await barriers(visitor.page)).toEqual([]);
    await visitor.leave();
  });
});

describe('a page', () => {
  it.each(['/app/auth-app/', '/app/sign-up', '/app/sign-in', '/app/recovery', '/app/settings/account'])(
    '%s over plain http from elsewhere says what is missing and what to do',
    async (path) => {
      const { port } = new URL(origin);
      const visitor = await visit(browser, { origin: `http://${elsewhere}:${port}` });
      await visitor.go(path);
      await heading(visitor, 'This page needs https').waitFor();
      const text = await visitor.page.locator('main').innerText();
      for (const part of [elsewhere, 'TIDEMARK_TLS_CERT', 'TIDEMARK_TRUSTED_PROXIES', 'http://localhost'])
        expect(text).toContain(part);
      expect(await barriers(visitor.page)).toEqual([]);
      if (path === '/app/sign-in') await picture(visitor.page, 'needs-https');
      await visitor.leave();
    },
  );

  it('lets nothing in that it does not name by its hash, and nothing inline', async () => {
    const response = await fetch(`${origin}/app/sign-in`);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*/);
    const html = await response.text();
    const loaded = html.match(/<(?:script|link rel="stylesheet")[^>]*>/g) ?? [];
    expect(loaded).toHaveLength(2);
    for (const tag of loaded) expect(tag).toMatch(/ integrity="sha384-[^"]{64}"/);
    expect(html).not.toMatch(/<style|style=|<script[^>]*>[^<]/);
  });

  it('works on a narrow screen without scrolling sideways', async () => {
    const visitor = await visit(browser, { origin });
    await visitor.page.setViewportSize({ width: 360, height: 720 });
    await arriveAs(visitor, await member(origin), origin);
    for (const [, path] of [...forAnyone, ...forMembers]) {
      await visitor.go(path);
      await visitor.page.waitForLoadState('networkidle');
      expect(await visitor.page.evaluate<number>('document.documentElement.scrollWidth')).toBe(360);
    }
    await visitor.leave();
  });
});
