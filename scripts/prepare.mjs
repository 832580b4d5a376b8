// Brings a clone to the point where its programs can run: packages as the lockfile says, and a build of the
// sources as they are. Costs a fraction of a second when nothing has changed. Everything it says goes to
// stderr, because stdout belongs to the program that runs next.
import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildFingerprint, forgetInstalled, installed, recordInstalled } from './fingerprint.mjs';
import { root, startedAs } from './node24.mjs';
import { nxCommand, nxEnvironment } from './nx.mjs';

const cache = join(root, '.cache');
const buildStamp = join(cache, 'build-stamp');
const lock = join(cache, 'prepare.lock');

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const say = (text) => process.stderr.write(`tidemark: ${text}\n`);

export class PrepareError extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

const read = (file) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

let running;

// Whoever stops a start that is still installing or building stops the installing or building.
function stop() {
  running?.kill('SIGTERM');
  rmSync(lock, { force: true });
  process.exit(0);
}

function run(binary, args, env) {
  return new Promise((done, fail) => {
    const child = spawn(binary, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    running = child;
    // Should this process be killed, the lock goes on as long as its npm does.
    appendFileSync(lock, ` ${child.pid}`);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', fail);
    child.on('close', (code) => done({ code, output }));
  });
}

// npm and Nx do not always say so, and npm may even end well with half of its files missing.
function diskIsFull(output) {
  const { bavail, bsize } = statfsSync(root);
  return /ENOSPC|no space left|disk is full/i.test(output) || bavail * bsize < 1_000_000;
}

function explain(what, output) {
  if (diskIsFull(output)) return new PrepareError(`${what} failed: the disk is full`, 5);
  const lines = output.split('\n').filter((line) => /\S/.test(line) && !/^npm warn/i.test(line));
  const told = lines.map((line) => line.replace(/^npm (error|ERR!) ?/, '').trim());
  const first = told.find(
    (line) => !/^(code |errno |syscall |type |path |A complete log|\d+ packages)/.test(line),
  );
  return new PrepareError(`${what} failed: ${first ?? 'no output'}`);
}

// The npm that started this script, or the one beside this Node.
function npm(args) {
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js')) return run(process.execPath, [script, ...args], process.env);
  return run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, process.env);
}

async function install() {
  say('installing packages, once for this version of the lockfile …');
  const { code, output } = await npm([
    'ci',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=warn',
  ]);
  if (code === 0 && !diskIsFull(output)) return recordInstalled();
  forgetInstalled();
  throw explain('npm ci', output);
}

async function build() {
  say('building …');
  const [binary, script] = nxCommand();
  const { code, output } = await run(binary, [script, 'run-many', '-t', 'build'], nxEnvironment());
  if (code !== 0) {
    const full = diskIsFull(output);
    if (!full) process.stderr.write(output);
    throw full ? explain('the build', output) : new PrepareError('the build failed, as told above');
  }
  writeFileSync(buildStamp, buildFingerprint());
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Two first starts at once would install over each other: the second waits for the first. */
async function locked(work) {
  mkdirSync(cache, { recursive: true });
  for (let told = false; ; await sleep(200)) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holders = read(lock).split(' ').filter(Boolean).map(Number);
    const holder = holders.find(alive);
    if (holders.length > 0 && !holder) rmSync(lock, { force: true });
    else if (!told) say(`waiting for process ${holder}, which is preparing this folder …`);
    told = true;
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

const built = () => read(buildStamp) === buildFingerprint();

export async function prepare() {
  if (installed() && built()) return;
  try {
    await locked(async () => {
      if (!installed()) await install();
      if (!built()) await build();
    });
  } catch (error) {
    if (error instanceof PrepareError) throw error;
    if (error.code === 'ENOSPC') throw new PrepareError('the disk is full', 5);
    throw new PrepareError(error.message);
  }
}

/** Prepares, then works; whatever hinders the preparation ends as one line and an exit code. */
export async function prepared(work) {
  for (const signal of signals) process.on(signal, stop);
  try {
    await prepare();
  } catch (error) {
    say(error.message);
    process.exitCode = error.exitCode ?? 1;
    return;
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
  process.exitCode = await work();
}

if (startedAs(import.meta.url)) await prepared(() => 0);
