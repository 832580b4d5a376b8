import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const linked = /<(?:script|link)\b[^>]*?\b(?:src|href)="\/app\/(assets\/[^"]+\.(?:js|css))"/g;

/** A Vite plugin: the page names the hash of each script and style that it loads, so that no other will do. */
export const integrity = () => ({
  name: 'integrity',
  writeBundle({ dir }) {
    const page = join(dir, 'index.html');
    const html = readFileSync(page, 'utf8');
    writeFileSync(
      page,
      html.replace(linked, (tag, file) => {
        const hash = createHash('sha384')
          .update(readFileSync(join(dir, file)))
          .digest('base64');
        return `${tag} integrity="sha384-${hash}"`;
      }),
    );
  },
});
