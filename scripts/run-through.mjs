// Runs a program to its end and passes on what it says: streams, signals and the exit code.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

// Ctrl-C in a terminal reaches the child by itself. A signal sent to this process alone looks the same from
// here, so it is passed on a moment later to a child that has not ended yet. A program must therefore take
// signals that come together for one; a later one may insist.
const ctrlCGrace = 500;

function forwarder(child, signal, asked) {
  return () => {
    asked.add(signal);
    const delay = signal === 'SIGINT' && process.stdin.isTTY ? ctrlCGrace : 0;
    setTimeout(() => child.exitCode === null && child.kill(signal), delay).unref();
  };
}

export function runThrough(binary, args, options = {}) {
  return new Promise((done, fail) => {
    const child = spawn(binary, args, { stdio: 'inherit', ...options });
    const asked = new Set();
    const handlers = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => [
      signal,
      forwarder(child, signal, asked),
    ]);
    for (const [signal, handler] of handlers) process.on(signal, handler);
    child.on('error', fail);
    child.on('close', (code, signal) => {
      for (const [name, handler] of handlers) process.off(name, handler);
      // One that did not listen yet has died of what was to end it, before it had begun anything.
      done(code ?? (asked.has(signal) ? 0 : 128 + (constants.signals[signal] ?? 0)));
    });
  });
}
