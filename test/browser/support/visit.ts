import type { Browser, Page, Route } from 'playwright-core';
import { Keyboard } from './keyboard.js';

/** Somebody with a browser of their own, who uses nothing but the keyboard. */
export interface Visitor {
  readonly page: Page;
  readonly keys: Keyboard;
  readonly go: (path: string) => Promise<void>;
  /** What the browser complained of, refused requests of the pages' own API aside. */
  readonly complaints: string[];
  /** Hosts that were asked for anything. */
  readonly hosts: Set<string>;
  readonly leave: () => Promise<void>;
}

export interface VisitOptions {
  readonly origin: string;
  readonly dark?: boolean;
}

// The browser reports each answer of 4xx; what it means stands on the page.
const refused = /^Failed to load resource: the server responded with a status of 4\d\d/;

export async function visit(browser: Browser, { origin, dark = false }: VisitOptions): Promise<Visitor> {
  const context = await browser.newContext({
    viewport: { width: 900, height: 760 },
    colorScheme: dark ? 'dark' : 'light',
    locale: 'en-GB',
  });
  context.setDefaultTimeout(120_000);
  const page = await context.newPage();
  const [complaints, hosts]: [string[], Set<string>] = [[], new Set()];
  page.on('console', (message) => {
    const bad = message.type() === 'error' || message.type() === 'warning';
    if (bad && !refused.test(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol.startsWith('http')) hosts.add(host);
  });
  const go = async (path: string) => {
    await page.goto(origin + path);
    await page.locator('h1').waitFor();
  };
  return { page, keys: new Keyboard(page), go, complaints, hosts, leave: () => context.close() };
}

/** The next request of this kind is done, but nobody hears of it. */
export async function loseAnswer({ page }: Visitor, call: string): Promise<void> {
  const lose = async (route: Route): Promise<void> => {
    await route.fetch();
    await route.abort('connectionreset');
  };
  await page.route(`**/app/api/${call}`, lose, { times: 1 });
}
