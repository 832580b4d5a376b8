import { defaultCacheDir } from './fetch/cache.js';
import { startGcs } from './gcs/gcs.js';
import { startKafka } from './kafka/kafka.js';
import { startPostgres } from './postgres/postgres.js';
import { isRoot } from './process/folders.js';
import type { Env } from './process/run.js';
import { outside, type Running } from './process/running.js';
import { startRedis } from './redis/redis.js';

export interface ProvideOptions {
  /** Where URLs, KAFKA_HOME and the PATH are looked up. */
  env: Env;
  /** The folder of this one service. */
  dataDir: string;
  cacheDir?: string;
  port?: number;
  settings?: Record<string, string>;
  log?: string;
}

const kinds = {
  postgres: { variable: 'TIDEMARK_DATABASE_URL', start: startPostgres },
  kafka: { variable: 'TIDEMARK_KAFKA_BROKERS', start: startKafka },
  redis: { variable: 'TIDEMARK_REDIS_URL', start: startRedis },
  gcs: { variable: 'TIDEMARK_BLOBS_URL', start: startGcs },
} as const;

export type BackingKind = keyof typeof kinds;

/** A service by its URL in the environment, else a program of the machine, else one that is fetched into the cache. */
export async function provide(kind: BackingKind, options: ProvideOptions): Promise<Running> {
  const { variable, start } = kinds[kind];
  const url = options.env[variable];
  if (url !== undefined && url !== '') return outside(kind, url);
  return start({ ...options, cacheDir: options.cacheDir ?? defaultCacheDir(options.env, isRoot()) });
}
