// The images of this tier: the product as it is, a next release of it, and one whose migration fails.
import { appendFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { assemble } from '../../../scripts/image-content.mjs';
import { imageFrom } from '../../../scripts/image.mjs';

export const releases = { first: '0.0.1-first', next: '0.0.2-next', broken: '0.0.3-broken' };

/** A file that only this release has, so that it is another image and all pods are replaced. */
function nextLayer(folder) {
  mkdirSync(join(folder, 'app'), { recursive: true });
  writeFileSync(join(folder, 'app', 'release'), releases.next);
  return folder;
}

/** A release with one more migration of `audit`, which cannot be carried out. */
function brokenLayer(folder, content) {
  const schema = join('app', 'libs', 'audit', 'dist', 'audit.schema.js');
  mkdirSync(dirname(join(folder, schema)), { recursive: true });
  cpSync(join(content, 'app', schema), join(folder, schema));
  appendFileSync(
    join(folder, schema),
    "\nauditSchema.migrations.push({ name: '999-broken', sql: 'select 1 / 0' });\n",
  );
  return folder;
}

/** Makes all three in a folder; each with its archive and its size. */
export async function makeImages(folder) {
  const content = join(folder, 'content');
  assemble(content);
  const over = {
    first: [],
    next: [{ label: 'release', folder: nextLayer(join(folder, 'next')) }],
    broken: [{ label: 'release', folder: brokenLayer(join(folder, 'broken'), content) }],
  };
  const made = {};
  for (const [release, tag] of Object.entries(releases)) {
    const out = join(folder, `${release}.tar`);
    made[release] = {
      out,
      ...(await imageFrom(content, { out, name: `tidemark:${tag}`, over: over[release] })),
    };
  }
  return made;
}
