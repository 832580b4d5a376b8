import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../../peers/emmett', import.meta.url));

/**
 * The peer as its lockfile pins it, fetched into the cache when it is measured for the first time. It is no dependency
 * of this repository: it has no licence that would let it be one, and nobody who does not measure should install it.
 */
export async function emmettPackages(cacheDir: string): Promise<string> {
  const lock = readFileSync(join(source, 'package-lock.json'));
  const folder = join(
    cacheDir,
    `bench-emmett-${createHash('sha256').update(lock).digest('hex').slice(0, 12)}`,
  );
  if (existsSync(folder)) return folder;
  mkdirSync(cacheDir, { recursive: true });
  const part = mkdtempSync(`${folder}.part-`);
  try {
    cpSync(source, part, { recursive: true });
    await npmCi(part);
    renameSync(part, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error; // else somebody else was faster
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
  return folder;
}

/** By the npm that runs this, if one does. */
async function npmCi(cwd: string): Promise<void> {
  const script = process.env['npm_execpath'];
  const [program, before] = script?.endsWith('.js') ? [process.execPath, [script]] : ['npm', []];
  const args = [...before, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'close') as Promise<[number | null]>;
  const [said, [code]] = await Promise.all([text(child.stderr), ended]);
  if (code !== 0)
    throw new Error(`cannot fetch emmett-postgresql to measure against: ${said.trim().split('\n')[0] ?? ''}`);
}
