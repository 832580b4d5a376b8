import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BackingError, BackingMissing } from '../errors.js';
import { type Env, run } from '../process/run.js';

export interface DebianPackages {
  names: readonly string[];
  /** for the sentence that says what is missing: "apt-get is needed <purpose>" */
  purpose: string;
  env?: Env | undefined;
}

/**
 * Unpacks packages into a folder. As any user: apt keeps its lists and files in our folder, so it needs no right to
 * the machine's. A simulated installation tells which packages the machine lacks, the libraries among them.
 */
export async function unpackDebian(dir: string, { names, purpose, env }: DebianPackages): Promise<void> {
  const work = join(dir, 'apt');
  for (const part of ['lists/partial', 'cache/archives/partial', 'deb']) {
    mkdirSync(join(work, part), { recursive: true });
  }
  const apt = (args: string[], cwd = work) => aptGet(work, args, { purpose, env, cwd });
  await apt(['update']).catch(onlyIfMissing); // another source of the machine may be down; the next line tells
  const plan = await apt(['install', '--simulate', '--no-install-recommends', ...names]);
  const packages = [...plan.matchAll(/^Inst (\S+)/gm)].map(([, name = '']) => name);
  if (packages.length === 0)
    throw new BackingError('failed', `apt-get knows no ${names.join(' ')}: ${plan.slice(0, 200)}`);
  await apt(['download', ...packages], join(work, 'deb'));
  for (const file of readdirSync(join(work, 'deb'))) {
    await run('dpkg', ['-x', join(work, 'deb', file), dir], { env, purpose });
  }
  rmSync(work, { recursive: true });
}

/** For LD_LIBRARY_PATH: where the libraries lie that came with the packages. */
export function debianLibraries(dir: string): string {
  const lib = join(dir, 'usr', 'lib');
  const folders = readdirSync(lib)
    .filter((name) => name.includes('-linux-gnu'))
    .map((name) => join(lib, name));
  const below = folders.flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(folder, entry.name)),
  );
  return [...folders, ...below].join(':');
}

function aptGet(
  work: string,
  args: string[],
  options: { purpose: string; env: Env | undefined; cwd: string },
): Promise<string> {
  const own = [`Dir::State::lists=${work}/lists`, `Dir::Cache=${work}/cache`, 'APT::Sandbox::User=root'];
  const all = [...own, 'Debug::NoLocking=true', 'Acquire::Languages=none', 'Acquire::Retries=3'];
  return run('apt-get', ['-q', ...all.flatMap((option) => ['-o', option]), ...args], options);
}

function onlyIfMissing(error: unknown): void {
  if (error instanceof BackingMissing) throw error;
}
