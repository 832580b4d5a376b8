import { join } from 'node:path';
import { fetchedOnce } from '../fetch/cache.js';
import { debianLibraries, unpackDebian } from '../fetch/debian.js';
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
const debianProgram = (dir: string): Program => [
  'env',
  `LD_LIBRARY_PATH=${debianLibraries(dir)}`,
  join(dir, 'usr', 'bin', 'redis-server'),
];

const purpose = 'to fetch Redis (or put redis-server on the PATH, or name a server in TIDEMARK_REDIS_URL)';

async function fetchDebianRedis(dir: string, env?: Env): Promise<void> {
  await unpackDebian(dir, { names: ['redis-server'], purpose, env });
  const [program, ...args] = debianProgram(dir);
  await run(program, [...args, '--version'], { env, purpose: 'after Redis was unpacked' });
}
