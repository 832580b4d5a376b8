// Nx on the pinned Node, without daemon, cloud, questions or screen tricks: node scripts/nx.mjs run-many -t build
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { node24, root, runThrough } from './node24.mjs';

const quiet = {
  NX_DAEMON: 'false',
  NX_TUI: 'false',
  NX_NO_CLOUD: 'true',
  NX_INTERACTIVE: 'false',
  NX_SKIP_PROVENANCE_CHECK: 'true',
  FORCE_COLOR: '0',
};

/** The commands of a target find the pinned Node as `node`. */
export function nx(args, options = {}) {
  const binary = node24();
  const PATH = [dirname(binary), join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  const env = { ...process.env, ...quiet, PATH };
  return runThrough(binary, [join(root, 'node_modules', 'nx', 'dist', 'bin', 'nx.js'), ...args], { cwd: root, env, ...options });
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await nx(process.argv.slice(2));
}
