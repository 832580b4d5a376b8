import axe from 'axe-core';
import type { Page } from 'playwright-core';

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly target: readonly string[] }[];
}

/** What axe-core has against the page as it is now, be it slight. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate<Violation[]>('axe.run(document).then((found) => found.violations)');
  const places = (nodes: Violation['nodes']) => nodes.map(({ target }) => target.join(' ')).join(', ');
  return violations.map(({ id, help, nodes }) => `${id}: ${help} (${places(nodes)})`);
}
