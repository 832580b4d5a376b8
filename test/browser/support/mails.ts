import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../e2e/support/until.js';

interface Mail {
  readonly to: string;
  readonly link: string | undefined;
  readonly text: string;
}

function read(file: string): Mail {
  const text = readFileSync(file, 'utf8');
  const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'mi').exec(text)?.[1]?.trim();
  return { to: header('To') ?? '', link: header('X-Tidemark-Link'), text };
}

function mailsTo(email: string): Mail[] {
  const folder = process.env['TIDEMARK_TEST_MAIL_DIR'];
  if (!folder) throw new Error('TIDEMARK_TEST_MAIL_DIR names the folder of mails');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.eml'))
    .sort()
    .map((name) => read(join(folder, name)))
    .filter(({ to }) => to.includes(email));
}

/** The links of all mails to this address, oldest first, once there are so many. */
export const linksTo = async (email: string, atLeast = 1): Promise<string[]> =>
  until(
    async () => mailsTo(email).flatMap(({ link }) => link ?? []),
    (links) => links.length >= atLeast,
  );
