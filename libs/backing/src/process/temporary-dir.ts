import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder for tests. Those of mkdtemp are closed to the account that a database of root runs as. */
export function temporaryDir(name: string): string {
  const dir = mkdtempSync(join(tmpdir(), `tidemark-${name}-`));
  chmodSync(dir, 0o755);
  return dir;
}
