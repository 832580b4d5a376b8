import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A program under test, with what it said so far. */
export class Program {
  readonly stdout: string[] = [];
  readonly stderr: string[] = [];
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  #end: Ended | undefined;

  constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv, cwd?: string) {
    this.#child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'], ...(cwd && { cwd }) });
    for (const [stream, lines] of [
      [this.#child.stdout, this.stdout],
      [this.#child.stderr, this.stderr],
    ] as const) {
      createInterface({ input: stream! }).on('line', (line) => lines.push(line));
    }
    this.ended = new Promise((resolve) => {
      this.#child.once('error', () => resolve({ code: null, signal: null }));
      this.#child.once('close', (code, signal) => resolve({ code, signal }));
    });
    void this.ended.then((end) => (this.#end = end));
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get running(): boolean {
    return this.#end === undefined;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** The first line on stdout that fits; throws what the program said when it ends without one. */
  async line(pattern: RegExp, deadlineMs = 60_000): Promise<RegExpExecArray> {
    return await until(`a line like ${pattern}`, deadlineMs, () => {
      const found = this.stdout.map((line) => pattern.exec(line)).find(Boolean);
      if (!found && !this.running) throw new Error(`ended without a line like ${pattern}: ${this.words()}`);
      return found;
    });
  }

  /** Asks it to end, and insists only when it does not. */
  async stop(deadlineMs = 30_000): Promise<Ended> {
    if (this.running) this.kill('SIGTERM');
    const timer = setTimeout(() => this.kill('SIGKILL'), deadlineMs);
    return this.ended.finally(() => clearTimeout(timer));
  }

  words(): string {
    return [...this.stdout.slice(-20), ...this.stderr.slice(-40)].join('\n');
  }
}

/** Asks again until the answer is not empty. The deadline only ends what would never end. */
export async function until<T>(
  what: string,
  deadlineMs: number,
  ask: () => T | Promise<T>,
): Promise<NonNullable<T>> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== null && answer !== false) return answer;
    if (performance.now() > end) throw new Error(`waited ${deadlineMs / 1000} s in vain for ${what}`);
    await sleep(50);
  }
}

/** What the tests were told is not for the product; nor is the configuration of whoever runs them. */
export function productEnvironment(): NodeJS.ProcessEnv {
  const foreign = (name: string) => /^(TIDEMARK_|JEST_|NODE_OPTIONS$|NODE_ENV$)/.test(name);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign(name)));
}
