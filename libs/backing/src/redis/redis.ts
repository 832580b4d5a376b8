import { join, resolve } from 'node:path';
import { defaultCacheDir } from '../fetch/cache.js';
import { askSocket } from '../process/ask-socket.js';
import { isRoot } from '../process/folders.js';
import { onPort } from '../process/ports.js';
import type { Env } from '../process/run.js';
import type { Running } from '../process/running.js';
import { inFolder, startService } from '../process/service.js';
import { verdictOf } from '../process/verdict.js';
import { redisProgram } from './redis-program.js';

export interface RedisOptions {
  dataDir: string;
  cacheDir?: string;
  /** Without it a free one is found. */
  port?: number;
  /** Arguments of redis-server, for example `{ maxmemory: '64mb' }`. */
  settings?: Record<string, string>;
  log?: string;
  /** Its PATH may have a redis-server; without it one is fetched. */
  env?: Env;
}

// Nothing in Redis is the only copy, so it keeps nothing over a restart; and it never throws a key away by itself.
const ourSettings: Record<string, string> = {
  bind: '127.0.0.1',
  save: '',
  appendonly: 'no',
  'maxmemory-policy': 'noeviction',
  daemonize: 'no',
};

export async function startRedis(options: RedisOptions): Promise<Running> {
  const dataDir = resolve(options.dataDir);
  const program = await redisProgram(options.cacheDir ?? defaultCacheDir({}, isRoot()), options.env);
  return inFolder(dataDir, () => onPort(options.port, (port) => serve(program, dataDir, port, options)));
}

function serve(
  program: readonly [string, ...string[]],
  dataDir: string,
  port: number,
  options: RedisOptions,
): Promise<Running> {
  const settings = { ...ourSettings, ...options.settings, port: String(port), dir: dataDir };
  return startService(dataDir, {
    name: 'redis',
    command: [...program, ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])],
    env: options.env,
    log: resolve(options.log ?? join(dataDir, 'redis.log')),
    says: /Ready to accept connections/,
    stopSignal: 'SIGTERM',
    graceMs: 5_000,
    url: `redis://127.0.0.1:${port}`,
    answers: async () => (await askSocket(port, ping, isLine))?.toString() === '+PONG\r\n',
    verdict: (log) => verdictOf('redis', log),
  });
}

const ping = Buffer.from('PING\r\n');
const isLine = (answer: Buffer): boolean => answer.toString('latin1').endsWith('\r\n');
