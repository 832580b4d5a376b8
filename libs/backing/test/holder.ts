// A process for tests that starts one thing, says in one line what came of it, and lives until it is ended.
// node --import ./sources.mjs holder.ts <what> <options as JSON>
import { setInterval } from 'node:timers';
import { fetchedOnce } from '../src/fetch/cache.js';
import { BackingError } from '../src/errors.js';
import { startGcs } from '../src/gcs/gcs.js';
import { startKafka } from '../src/kafka/kafka.js';
import { startPostgres } from '../src/postgres/postgres.js';
import { lockDataDir } from '../src/process/lock.js';
import type { Running } from '../src/process/running.js';
import { startRedis } from '../src/redis/redis.js';

interface Options {
  dataDir: string;
  cacheDir?: string;
  port?: number;
}

const nothing = { pid: process.pid, url: '' };

const starts: Record<string, (options: Options) => Promise<Pick<Running, 'pid' | 'url'>>> = {
  postgres: startPostgres,
  kafka: startKafka,
  redis: startRedis,
  gcs: startGcs,
  lock: async ({ dataDir }) => {
    await lockDataDir(dataDir);
    return nothing;
  },
  fetch: async ({ dataDir }) => {
    await fetchedOnce(dataDir, 'thing', async (part) => {
      const { appendFileSync, writeFileSync } = await import('node:fs');
      appendFileSync(`${dataDir}/fetches`, `${process.pid}\n`);
      await new Promise((resolve) => setTimeout(resolve, 300)); // long enough for the other one to come
      writeFileSync(`${part}/whole`, 'yes');
    });
    return nothing;
  },
};

const [, , what = '', options = '{}'] = process.argv;

try {
  const { pid, url } = await starts[what]!(JSON.parse(options) as Options);
  console.log(JSON.stringify({ pid, url }));
} catch (error) {
  if (!(error instanceof BackingError)) throw error;
  console.log(JSON.stringify({ kind: error.kind, message: error.message }));
}
setInterval(() => {}, 60_000);
