// Nx on the pinned Node, without daemon, cloud, questions or screen tricks: node scripts/nx.mjs run-many -t build
import { join } from 'node:path';
import { node24, root, startedAs, toolEnvironment } from './node24.mjs';
import { runThrough } from './run-through.mjs';

const quiet = {
  NX_DAEMON: 'false',
  NX_TUI: 'false',
  NX_NO_CLOUD: 'true',
  NX_INTERACTIVE: 'false',
  CI: 'true',
  FORCE_COLOR: '0',
};

export const nxCommand = () => [node24(), join(root, 'node_modules', 'nx', 'dist', 'bin', 'nx.js')];

export const nxEnvironment = () => toolEnvironment(quiet);

if (startedAs(import.meta.url)) {
  const [binary, script] = nxCommand();
  process.exitCode = await runThrough(binary, [script, ...process.argv.slice(2)], {
    cwd: root,
    env: nxEnvironment(),
  });
}
