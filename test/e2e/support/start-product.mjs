// Starts the product as a user would, in the mode that TIDEMARK_TEST_MODE names, and tells the test files where it is.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(import.meta.dirname, '..', '..', '..');
const apps = { standalone: 'standalone', distributed: 'launcher' };

/** Resolves at the ready line; rejects with what was said on stderr when there is none. */
export async function startProduct(mode) {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-e2e-'));
  chmodSync(folder, 0o755); // the database of a root user runs as somebody else
  const token = `tm_${randomBytes(32).toString('base64url')}`;
  const env = {
    ...process.env,
    TIDEMARK_DATA_DIR: join(folder, 'data'),
    TIDEMARK_PORT: '0',
    TIDEMARK_OPERATOR_TOKEN: token,
    TIDEMARK_MAIL_DIR: join(folder, 'mail'),
    TIDEMARK_LOG_LEVEL: 'debug',
  };
  delete env.TIDEMARK_TEST_MODE;
  const child = spawn(process.execPath, [join(root, 'scripts', 'start.mjs'), apps[mode]], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => (said = (said + chunk).slice(-20_000)));
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
  return { url, token, folder, services, stderr: () => said, stop: () => (child.kill('SIGTERM'), ended) };
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
}

/** A product that does not end cleanly has failed, whatever its answers were. */
export async function stopForTier() {
  const started = globalThis.tidemarkUnderTest;
  if (!started) return;
  const code = await started.stop();
  rmSync(started.folder, { recursive: true, force: true });
  if (code !== 0)
    throw new Error(`The product ended with ${code} when it was told to stop.\n${started.stderr()}`);
}
