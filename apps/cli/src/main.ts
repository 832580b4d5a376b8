import { environment } from '@tidemark/runtime';
import { CommanderError } from 'commander';
import { oneLine } from './one-line.js';
import { program } from './program.js';

// Exit codes: 0 good, 1 a finding, 2 usage or configuration.
try {
  await program(environment()).parseAsync();
} catch (error) {
  const usage = error instanceof CommanderError;
  if (!usage) process.stderr.write(`tidemark: ${oneLine(error)}\n`);
  process.exitCode = usage ? (error.exitCode === 0 ? 0 : 2) : exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  return error instanceof Error && 'exitCode' in error && typeof error.exitCode === 'number'
    ? error.exitCode
    : 1;
}
