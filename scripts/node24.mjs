// Finds the Node 24 that this repository pins through npm; run directly, it starts it:
//   node scripts/node24.mjs script.js …
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { constants as os } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

const platforms = { 'linux-x64': 'bin/node', 'linux-arm64': 'bin/node', 'win32-x64': 'bin/node.exe' };

/** The pinned binary; on a platform without one, the running Node if it is new enough. */
export function node24() {
  const platform = `${process.platform}-${process.arch}`;
  const file = platforms[platform];
  if (file) {
    const binary = join(root, 'node_modules', `node-${platform.replace('win32', 'win')}`, file);
    accessSync(binary, constants.X_OK);
    return binary;
  }
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new Error(`no pinned Node for ${platform}: install Node 24 or newer and run this again`);
}

/**
 * Runs a program to its end and passes on what it says: streams, signals and the exit code.
 * Ctrl-C reaches the whole foreground group by itself; forwarding it as well would count as a second one.
 */
export function runThrough(binary, args, options = {}) {
  return new Promise((done, fail) => {
    const child = spawn(binary, args, { stdio: 'inherit', ...options });
    const forward = (signal) => () => {
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    };
    const handlers = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => [signal, forward(signal)]);
    for (const [signal, handler] of handlers) process.on(signal, handler);
    child.on('error', fail);
    child.on('exit', (code, signal) => {
      for (const [name, handler] of handlers) process.off(name, handler);
      done(code ?? 128 + (os.signals[signal] ?? 0));
    });
  });
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await runThrough(node24(), process.argv.slice(2));
}
