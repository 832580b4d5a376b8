import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', '..', 'docs', 'decisions');

it('lists every decision with its title, and none that is not there', () => {
  const pages = globSync('{accepted,rejected}/*.md', { cwd: folder }).sort();
  const titled = pages.map((page) => {
    const [, title] = /^# (.+)$/m.exec(readFileSync(join(folder, page), 'utf8'))!;
    return `- [${title}](${page})`;
  });
  const index = readFileSync(join(folder, 'README.md'), 'utf8');
  expect(index.split('\n').filter((line) => line.startsWith('- '))).toEqual(titled);
});
