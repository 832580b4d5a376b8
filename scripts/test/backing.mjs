// Can the services that a tier stands on run on this machine?
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { node24, root, toolEnvironment } from '../node24.mjs';

const script = join(root, 'scripts', 'test', 'start-once.mjs');
const known = new Map();

// What fails here for another reason than a missing program fails in the tests too, which say more.
async function tryOut(kind) {
  try {
    const { stdout } = await promisify(execFile)(node24(), [script, kind], {
      cwd: root,
      env: toolEnvironment(),
    });
    return stdout || undefined;
  } catch (error) {
    process.stderr.write(`${kind} could not be started: ${error.stderr?.trim() || error.message}\n`);
    return undefined;
  }
}

/** The reason why one of them is missing, if one is. Each is tried once. */
export async function missingService(kinds) {
  for (const kind of kinds) {
    if (!known.has(kind)) known.set(kind, await tryOut(kind));
    if (known.get(kind)) return known.get(kind);
  }
  return undefined;
}
