import { spawn } from 'node:child_process';

/** A program that did not end with 0. */
export class Failed extends Error {
  constructor(command, code, output) {
    super(`${command.slice(0, 6).join(' ')} … ended with ${code}\n${output.trim().slice(-6000)}`);
    this.code = code;
    this.output = output;
  }
}

/** Runs a program to its end and gives what it said on stdout; `aloud` passes on what it says while it works. */
export function run(command, { input, env, cwd, aloud } = {}) {
  const [binary, ...args] = command;
  return new Promise((done, fail) => {
    const child = spawn(binary, args, {
      cwd,
      env,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    let [said, all] = ['', ''];
    child.stdout.on('data', (chunk) => {
      said += chunk;
      all += chunk;
    });
    child.stderr.on('data', (chunk) => (all += chunk));
    if (aloud) for (const stream of [child.stdout, child.stderr]) stream.pipe(process.stderr, { end: false });
    child.on('error', fail);
    child.on('close', (code, signal) =>
      code === 0 ? done(said) : fail(new Failed(command, code ?? signal, all)),
    );
    if (input === undefined) return;
    child.stdin.on('error', () => undefined); // it may end before it has read all
    child.stdin.end(input);
  });
}
