// The image on a machine without a container engine: npm run image -- [--out tidemark.tar] [--name tidemark:0.1.0]
// An archive as `docker load`, `podman load` and `ctr images import` take it, of the same content and with the same
// user and program as the Dockerfile makes.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeImage } from '../test/kube/box/make-image.mjs';
import { assemble, layers, megabytes, user } from './image-content.mjs';
import { root, startedAs } from './node24.mjs';
import { prepared } from './prepare.mjs';

const version = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;

/** As the Dockerfile says it; a test holds the two against each other. */
export const config = {
  entrypoint: ['/usr/local/bin/node'],
  cmd: ['apps/gateway/dist/main.js'],
  user: `${user}:${user}`,
  workdir: '/app',
  env: ['NODE_ENV=production'],
};

/** Layers from a folder that `assemble` has filled, and further folders that lie over them. */
export const imageFrom = (content, { out, name, over = [] }) =>
  makeImage({
    ...config,
    out,
    name,
    layers: [...layers.map((label) => ({ label, folder: join(content, label) })), ...over],
  });

async function main() {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: 'tidemark.tar' },
      name: { type: 'string', default: `tidemark:${version}` },
    },
  });
  const out = resolve(values.out);
  const content = mkdtempSync(join(dirname(out), '.image-content-'));
  try {
    assemble(content);
    const image = await imageFrom(content, { out, name: values.name });
    const parts = image.layers.map(({ label, size }) => `${label} ${megabytes(size)}`).join(', ');
    process.stdout.write(`${image.name}: ${megabytes(image.size)} (${parts}) in ${out}\n`);
  } finally {
    rmSync(content, { recursive: true, force: true });
  }
  return 0;
}

if (startedAs(import.meta.url)) await prepared(main);
