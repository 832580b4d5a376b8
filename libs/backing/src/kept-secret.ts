import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asBackingError, codeOf } from './errors.js';

/**
 * A secret that is made once and kept in a file that only its owner may read. Of two that make it at the same moment
 * both get the same one, and one that is killed leaves none or a whole one.
 */
export function keptSecret(dir: string, name: string, make: () => string): string {
  const path = join(dir, name);
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw asBackingError(error, `cannot read ${path}`);
  }
  const fresh = `${path}.${process.pid}`;
  try {
    writeFileSync(fresh, `${make()}\n`, { mode: 0o600, flush: true });
    linkSync(fresh, path);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw asBackingError(error, `cannot write ${path}`);
  } finally {
    rmSync(fresh, { force: true });
  }
  return readFileSync(path, 'utf8').trim();
}
