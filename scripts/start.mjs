// `npm start` (standalone), `npm run start:distributed` (launcher), `npm run tidemark` (cli), `npm run bench`:
// prepares the clone and becomes, as nearly as a process can, the program itself.
//
// The scripts of package.json begin with `exec`, so that a signal sent to npm ends here and not in a shell
// between. A Windows shell knows no `exec`: call this file by name there.
import { join } from 'node:path';
import { node24, root } from './node24.mjs';
import { prepared } from './prepare.mjs';
import { runThrough } from './run-through.mjs';

const [name = 'standalone', ...args] = process.argv.slice(2);
const folder = name === 'bench' ? 'bench' : join('apps', name);

// The command-line tool is handed file names as its caller sees them.
const cwd = name === 'cli' ? (process.env.INIT_CWD ?? process.cwd()) : root;

await prepared(() => runThrough(node24(), [join(root, folder, 'dist', 'main.js'), ...args], { cwd }));
