import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { defaultCacheDir, fetchedOnce } from '../fetch/cache.js';
import { isRoot } from '../process/folders.js';
import { onPort } from '../process/ports.js';
import { type Env, onPath, run } from '../process/run.js';
import type { Running } from '../process/running.js';
import { inFolder, startService } from '../process/service.js';
import { verdictOf } from '../process/verdict.js';

export interface GcsOptions {
  /** Its buckets are folders of the folder `buckets` in it. */
  dataDir: string;
  cacheDir?: string;
  /** Without it a free one is found. */
  port?: number;
  log?: string;
  /** Its PATH may have a fake-gcs-server; without it one is built. */
  env?: Env;
}

const version = 'v1.56.1';
const name = 'fake-gcs-server';

export async function startGcs(options: GcsOptions): Promise<Running> {
  const dataDir = resolve(options.dataDir);
  const program = await gcsProgram(options.cacheDir ?? defaultCacheDir({}, isRoot()), options.env);
  return inFolder(dataDir, () => onPort(options.port, (port) => serve(program, dataDir, port, options)));
}

export async function gcsProgram(cacheDir: string, env?: Env): Promise<string> {
  const own = env && onPath(name, env);
  return own ?? join(await fetchedOnce(cacheDir, `${name}-${version}`, (dir) => build(dir, env)), name);
}

async function build(dir: string, env?: Env): Promise<void> {
  const purpose = `to build the GCS emulator (or put ${name} on the PATH)`;
  const install = [`GOBIN=${dir}`, 'CGO_ENABLED=0', 'go', 'install', `github.com/fsouza/${name}@${version}`];
  await run('go', ['version'], { env, purpose, cwd: dir });
  await run('env', install, { env, purpose, cwd: dir });
}

function serve(program: string, dataDir: string, port: number, { log, env }: GcsOptions): Promise<Running> {
  const buckets = join(dataDir, 'buckets');
  mkdirSync(buckets, { recursive: true });
  const url = `http://127.0.0.1:${port}`;
  const where = ['-scheme', 'http', '-host', '127.0.0.1', '-port', String(port)];
  const outside = ['-external-url', url, '-public-host', `127.0.0.1:${port}`];
  return startService(dataDir, {
    name: 'gcs',
    command: [program, ...where, ...outside, '-backend', 'filesystem', '-filesystem-root', buckets],
    env,
    log: resolve(log ?? join(dataDir, 'gcs.log')),
    says: /server started at/,
    stopSignal: 'SIGTERM',
    graceMs: 5_000,
    url,
    answers: () => listsBuckets(url),
    verdict: (said) => verdictOf('gcs', said),
  });
}

async function listsBuckets(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/storage/v1/b?project=tidemark`, {
      signal: AbortSignal.timeout(2_000),
    });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}
