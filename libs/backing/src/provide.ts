import { defaultCacheDir } from './fetch/cache.js';
import { gcsProgram, startGcs } from './gcs/gcs.js';
import { kafkaClassPath } from './kafka/kafka-program.js';
import { startKafka } from './kafka/kafka.js';
import { findBinaries } from './postgres/binaries.js';
import { startPostgres } from './postgres/postgres.js';
import { isRoot } from './process/folders.js';
import type { Env } from './process/run.js';
import { outside, type Running } from './process/running.js';
import { redisProgram } from './redis/redis-program.js';
import { startRedis } from './redis/redis.js';

export interface LookUp {
  /** Where URLs, KAFKA_HOME and the PATH are looked up. */
  env: Env;
  cacheDir?: string;
}

export interface ProvideOptions extends LookUp {
  /** The folder of this one service. */
  dataDir: string;
  port?: number;
  settings?: Record<string, string>;
  log?: string;
}

interface Kind {
  variable: string;
  start: (options: ProvideOptions) => Promise<Running>;
  fetch: (cacheDir: string, env: Env) => Promise<unknown>;
}

const kinds = {
  postgres: {
    variable: 'TIDEMARK_DATABASE_URL',
    start: startPostgres,
    fetch: (cacheDir) => findBinaries(cacheDir, undefined),
  },
  kafka: { variable: 'TIDEMARK_KAFKA_BROKERS', start: startKafka, fetch: kafkaClassPath },
  redis: { variable: 'TIDEMARK_REDIS_URL', start: startRedis, fetch: redisProgram },
  gcs: { variable: 'TIDEMARK_BLOBS_URL', start: startGcs, fetch: gcsProgram },
} satisfies Record<string, Kind>;

export type BackingKind = keyof typeof kinds;

const cacheOf = ({ cacheDir, env }: LookUp): string => cacheDir ?? defaultCacheDir(env, isRoot());

/** A service by its URL in the environment, else a program of the machine, else one that is fetched into the cache. */
export async function provide(kind: BackingKind, options: ProvideOptions): Promise<Running> {
  const { variable, start } = kinds[kind];
  const url = options.env[variable];
  return url ? outside(kind, url) : start({ ...options, cacheDir: cacheOf(options) });
}

/** Fetches what `provide` would need, so that a later start is quick; a BackingMissing says that this machine cannot. */
export async function prefetch(kind: BackingKind, options: LookUp): Promise<void> {
  const { variable, fetch } = kinds[kind];
  if (!options.env[variable]) await fetch(cacheOf(options), options.env);
}
