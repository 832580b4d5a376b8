import type { Browser } from 'playwright-core';
import { product } from '../../e2e/support/product.js';
import { startChromium } from './chromium.js';
import { visit, type Visitor } from './visit.js';

/** Of the test that runs. */
export let browser: Browser;
export let origin: string;
export let visitor: Visitor;

/**
 * Chromium once for the file, and a visitor for each test. A browser that complains fails the test, unless what it says
 * names what is forgiven.
 */
export function visiting({ forgiven }: { readonly forgiven?: string } = {}): void {
  beforeAll(async () => {
    origin = (await product()).url;
    browser = await startChromium();
  });
  afterAll(() => browser.close());

  beforeEach(async () => {
    visitor = await visit(browser, { origin });
  });
  afterEach(async () => {
    await visitor.leave();
    const counts = (text: string) => forgiven === undefined || !text.includes(forgiven);
    expect(visitor.complaints.filter(counts)).toEqual([]);
  });
}
