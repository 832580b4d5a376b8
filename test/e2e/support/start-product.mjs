// Starts the product as a user would, in the mode that TIDEMARK_TEST_MODE names, and tells the test files where it is.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { searchForCanaries } from './search-product.mjs';

const root = join(import.meta.dirname, '..', '..', '..');
const apps = { standalone: 'standalone', distributed: 'launcher' };

/** Resolves at the ready line; rejects with what was said on stderr when there is none. */
export async function startProduct(mode) {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-e2e-'));
  chmodSync(folder, 0o755); // the database of a root user runs as somebody else
  const [token, data] = [`tm_${randomBytes(32).toString('base64url')}`, join(folder, 'data')];
  const env = {
    ...process.env,
    TIDEMARK_DATA_DIR: data,
    TIDEMARK_PORT: '0',
    TIDEMARK_OPERATOR_TOKEN: token,
    // As much as there is to say, because none of it may hold a secret.
    TIDEMARK_LOG_LEVEL: 'debug',
  };
  for (const name of Object.keys(env)) if (name.startsWith('TIDEMARK_TEST_')) delete env[name];
  const child = spawn(process.execPath, [join(root, 'scripts', 'start.mjs'), apps[mode]], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => (said = (said + chunk).slice(-20_000)));
  child.stderr.pipe(createWriteStream(join(folder, 'product.log')));
  const services = [];
  const ended = new Promise((resolve) => child.on('close', resolve));
  const url = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('tidemark service ')) services.push(line);
      const [, api] = /^tidemark ready mode=\w+ api=(\S+)/.exec(line) ?? [];
      if (api) resolve(api);
    });
    void ended.then((code) =>
      reject(new Error(`The product ended with ${code} before it was ready.\n${said}`)),
    );
  });
  const stop = () => (child.kill('SIGTERM'), ended);
  return { url, token, folder, data, services, stderr: () => said, stop };
}

export async function startForTier() {
  const mode = process.env.TIDEMARK_TEST_MODE;
  if (mode === 'url') return;
  if (!Object.hasOwn(apps, mode ?? ''))
    throw new Error('TIDEMARK_TEST_MODE must be standalone, distributed or url.');
  const started = await startProduct(mode);
  globalThis.tidemarkUnderTest = started;
  process.env.TIDEMARK_API_URL = started.url;
  process.env.TIDEMARK_OPERATOR_TOKEN = started.token;
  process.env.TIDEMARK_TEST_MAIL_DIR = join(started.data, 'mail');
  process.env.TIDEMARK_TEST_CANARIES = join(started.folder, 'canaries.ndjson');
}

/** A product that does not end cleanly, or gives away a secret, has failed, whatever its answers were. */
export async function stopForTier() {
  const started = globalThis.tidemarkUnderTest;
  if (!started) return;
  const { stopped, code } = await searchForCanaries(started);
  rmSync(started.folder, { recursive: true, force: true });
  if (code !== 0)
    throw new Error(`The product ended with ${code} when it was told to stop.\n${started.stderr()}`);
  if (stopped) throw new Error(stopped);
}
