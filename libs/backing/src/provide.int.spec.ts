import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { defaultCacheDir } from './fetch/cache.js';
import { pgTools } from './fetch/pg-tools.js';
import { isRoot } from './process/folders.js';
import { temporaryDir } from './process/temporary-dir.js';
import { type BackingKind, prefetch, provide } from './provide.js';

jest.setTimeout(180_000);

let dir: string;
const fakeJava = `#!/bin/sh\necho 'openjdk version "17.0.1"' >&2\n`;

beforeEach(() => {
  dir = temporaryDir('provide');
});

afterEach(() => rmSync(dir, { recursive: true }));

describe('what is provided', () => {
  it.each([
    ['postgres', 'TIDEMARK_DATABASE_URL', 'postgres://u:p@db.example/tidemark'],
    ['kafka', 'TIDEMARK_KAFKA_BROKERS', 'a.example:9092,b.example:9092'],
    ['redis', 'TIDEMARK_REDIS_URL', 'redis://r.example'],
    ['gcs', 'TIDEMARK_BLOBS_URL', 'gs://bucket'],
  ] as const)('%s by %s is used as it is and never stopped', async (kind, variable, url) => {
    const given = await provide(kind, { env: { [variable]: url }, dataDir: dir });
    expect(given).toMatchObject({ name: kind, url, pid: 0 });
    await given.stop();
    expect(() => given.kill('SIGKILL')).toThrow('not ours');
  });

  it.each<[BackingKind, string[], RegExp]>([
    ['kafka', [], /^java is needed to run Kafka .*TIDEMARK_KAFKA_BROKERS/],
    ['kafka', ['java'], /^mvn is needed to fetch Kafka/],
    ['redis', [], /^apt-get is needed to fetch Redis .*TIDEMARK_REDIS_URL/],
    ['gcs', [], /^go is needed to build the GCS emulator/],
  ])('%s without its tools (but %j) is a reason in one line', async (kind, tools, reason) => {
    const bin = join(dir, 'bin');
    mkdirSync(bin);
    for (const tool of tools) writeFileSync(join(bin, tool), fakeJava, { mode: 0o755 });
    const lookUp = { env: { PATH: bin }, cacheDir: join(dir, 'cache') };
    await expect(prefetch(kind, lookUp)).rejects.toMatchObject({ kind: 'missing' });
    const asked = provide(kind, { ...lookUp, dataDir: join(dir, 'data') });
    const refusal: unknown = await asked.catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      name: 'BackingMissing',
      kind: 'missing',
      reason: expect.stringMatching(reason),
    });
    expect((refusal as { reason: string }).reason).not.toContain('\n');
  });
});

describe('the client programs of Postgres', () => {
  it('are of the version that we run', async () => {
    const bin = await pgTools(defaultCacheDir({}, isRoot()));
    for (const tool of ['pg_dump', 'psql', 'pgbench']) {
      expect(execFileSync(join(bin, tool), ['--version'], { encoding: 'utf8' })).toContain(
        '(PostgreSQL) 18.',
      );
    }
  });
});
