import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { BackingError, BackingMissing, codeOf } from '../errors.js';

export type Env = Readonly<Record<string, string | undefined>>;

export interface RunOptions {
  /** for the sentence that says what is missing: "mvn is needed <purpose>" */
  purpose: string;
  cwd?: string;
  /** ours, if it is not given */
  env?: Env | undefined;
}

/** Runs a tool of the machine to its end and returns what it wrote, stdout first. */
export function run(tool: string, args: readonly string[], options: RunOptions): Promise<string> {
  const { purpose, ...rest } = options;
  return new Promise((resolve, reject) => {
    execFile(tool, args, { ...rest, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (!error) return resolve(stdout + stderr);
      if (codeOf(error) === 'ENOENT') return reject(new BackingMissing(`${tool} is needed ${purpose}`));
      const said = `${stderr}\n${stdout}`.trim().split('\n').slice(-3).join(' ');
      const kind = said.includes('No space left on device') ? 'disk-full' : 'failed';
      reject(new BackingError(kind, `${tool} failed ${purpose}: ${said || error.message}`));
    });
  });
}

export function onPath(program: string, env: Env): string | undefined {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
