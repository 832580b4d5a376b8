import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BackingError, BackingMissing } from '../errors.js';
import { fetchedOnce } from '../fetch/cache.js';
import { type Env, onPath, run } from '../process/run.js';

export type Program = readonly [string, ...string[]];

/** The machine's redis-server, else Debian's, unpacked into the cache. */
export async function redisProgram(cacheDir: string, env?: Env): Promise<Program> {
  const own = env && onPath('redis-server', env);
  if (own) return [own];
  const dir = await fetchedOnce(cacheDir, 'redis', (part) => fetchDebianRedis(part, env));
  return debianProgram(dir);
}

/** With the libraries that came with it, which the machine may lack. */
function debianProgram(dir: string): Program {
  const lib = join(dir, 'usr', 'lib');
  const libraries = readdirSync(lib)
    .filter((name) => name.endsWith('-linux-gnu') || name.includes('-linux-gnu'))
    .map((name) => join(lib, name));
  return ['env', `LD_LIBRARY_PATH=${libraries.join(':')}`, join(dir, 'usr', 'bin', 'redis-server')];
}

const purpose = 'to fetch Redis (or put redis-server on the PATH, or name a server in TIDEMARK_REDIS_URL)';

/**
 * As any user: apt keeps its lists and files in our folder, so it needs no right to the machine's. A simulated
 * installation tells which packages the machine lacks, the libraries among them.
 */
async function fetchDebianRedis(dir: string, env?: Env): Promise<void> {
  const work = join(dir, 'apt');
  for (const part of ['lists/partial', 'cache/archives/partial', 'deb']) {
    mkdirSync(join(work, part), { recursive: true });
  }
  await aptGet(work, ['update'], env).catch(onlyIfMissing); // another source of the machine may be down; the next line tells
  const plan = await aptGet(work, ['install', '--simulate', '--no-install-recommends', 'redis-server'], env);
  const packages = [...plan.matchAll(/^Inst (\S+)/gm)].map(([, name = '']) => name);
  if (packages.length === 0)
    throw new BackingError('failed', `apt-get knows no redis-server: ${plan.slice(0, 200)}`);
  await aptGet(work, ['download', ...packages], env, join(work, 'deb'));
  for (const file of readdirSync(join(work, 'deb'))) {
    await run('dpkg', ['-x', join(work, 'deb', file), dir], { env, purpose });
  }
  rmSync(work, { recursive: true });
  const [program, ...args] = debianProgram(dir);
  await run(program, [...args, '--version'], { env, purpose: 'after Redis was unpacked' });
}

function aptGet(work: string, args: string[], env?: Env, cwd = work): Promise<string> {
  const own = [`Dir::State::lists=${work}/lists`, `Dir::Cache=${work}/cache`, 'APT::Sandbox::User=root'];
  const options = [...own, 'Debug::NoLocking=true', 'Acquire::Languages=none', 'Acquire::Retries=3'];
  return run('apt-get', ['-q', ...options.flatMap((option) => ['-o', option]), ...args], {
    env,
    purpose,
    cwd,
  });
}

function onlyIfMissing(error: unknown): void {
  if (error instanceof BackingMissing) throw error;
}
