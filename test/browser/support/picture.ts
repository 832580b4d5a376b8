import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** With TIDEMARK_TEST_PICTURES=docs/pages each page is kept as it looked. */
export async function picture(page: Page, name: string, { whole = true } = {}): Promise<void> {
  const folder = process.env['TIDEMARK_TEST_PICTURES'];
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: whole, animations: 'disabled' });
}
