import { chmodSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderWith } from './folder-with.js';
import { productEnvironment, Program, until, type Ended } from './program.js';

const root = join(import.meta.dirname, '..', '..', '..');
const main = join(root, 'apps', 'standalone', 'dist', 'main.js');

/** A folder for data that the account of an embedded Postgres may enter, also when we are root. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-faults-'));
  chmodSync(folder, 0o755);
  return folder;
}

/** The product in one process, on the way to being ready. */
export function begin(dataDir: string, env: Record<string, string> = {}, args = [main]): Program {
  const settings = { TIDEMARK_DATA_DIR: dataDir, TIDEMARK_PORT: '0', ...env };
  return new Program(process.execPath, args, { ...productEnvironment(), ...settings });
}

/** The product as a build for tests starts it: at that place it ends itself as a power cut would. */
export const startArmed = (dataDir: string, failpoint: string): Promise<Standalone> =>
  ready(
    begin(dataDir, { TIDEMARK_FAILPOINT: failpoint }, ['--conditions=tidemark-failpoints', main]),
    dataDir,
  );

export interface Standalone {
  readonly program: Program;
  /** Of the process that serves, told by its ready line. */
  readonly pid: number;
  readonly api: string;
  readonly token: string;
}

export async function ready(program: Program, dataDir: string): Promise<Standalone> {
  const [, api, pid] = await program.line(
    /^tidemark ready mode=standalone api=(\S+) website=\S+ pid=(\d+)$/,
    90_000,
  );
  const token = readFileSync(join(dataDir, 'operator-token'), 'utf8').trim();
  return { program, pid: Number(pid), api: api!, token };
}

export const start = (dataDir: string, env?: Record<string, string>): Promise<Standalone> =>
  ready(begin(dataDir, env), dataDir);

export const clusterOf = (dataDir: string): string => folderWith(dataDir, 'PG_VERSION');

/** How a start that must fail ended, and what it had to say. */
export async function refused(
  dataDir: string,
  env?: Record<string, string>,
): Promise<Ended & { said: string[] }> {
  const program = begin(dataDir, env);
  const timer = setTimeout(() => program.kill('SIGTERM'), 60_000);
  const end = await program.ended.finally(() => clearTimeout(timer));
  return { ...end, said: program.stderr.filter((line) => !isLog(line)) };
}

/** What it said to whoever started it, its log aside. */
const isLog = (line: string) => line.startsWith('{"level":');

export const complaints = ({ stderr }: Program): string[] =>
  stderr.filter(
    (line) =>
      /^tidemark: (?!building|installing|waiting)/.test(line) || /"level":"(warn|error|fatal)"/.test(line),
  );

/** Processes that have the folder in their arguments or in their environment: all that the product ever started on it. */
export function processesOn(dataDir: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => ['cmdline', 'environ'].some((file) => read(`/proc/${pid}/${file}`).includes(dataDir)))
    .map(Number);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/** After a kill the guards of child processes need a moment. */
export const nothingLeft = (dataDir: string): Promise<true> =>
  until(`all processes on ${dataDir} to end`, 60_000, () => processesOn(dataDir).length === 0).then(
    () => true,
  );
