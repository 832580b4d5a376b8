import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const node24 = join(import.meta.dirname, '..', '..', 'scripts', 'node24.mjs');

/** Ends with 40 plus the number of signals heard, a moment after the first one. */
const listener = `
  let heard = 0;
  const end = () => setTimeout(() => process.exit(40 + heard), 300);
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => ++heard === 1 && end());
  console.log(process.versions.node);
  setInterval(() => undefined, 1000);
`;

describe('a program started through its script', () => {
  let folder: string;
  let child: ChildProcess;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'with spaces '));
  });
  afterEach(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  function start(code: string) {
    const file = join(folder, 'program.mjs');
    writeFileSync(file, code);
    child = spawn(process.execPath, [node24, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    return {
      firstOutput: new Promise<string>((done) => child.stdout?.once('data', (chunk) => done(String(chunk)))),
      exit: new Promise<number | null>((done) => child.once('exit', done)),
    };
  }

  it.each([0, 2, 3, 4, 5])('passes on exit code %i', async (code) => {
    expect(await start(`process.exit(${code})`).exit).toBe(code);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('passes on %s, once', async (signal) => {
    const { firstOutput, exit } = start(listener);
    expect(await firstOutput).toMatch(/^24\./);
    child.kill(signal);
    expect(await exit).toBe(41);
  });

  it('shows the death of a program by a signal', async () => {
    expect(await start(`process.kill(process.pid, 'SIGKILL')`).exit).toBe(137);
  });
});
