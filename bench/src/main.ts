import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { parseArguments, UsageError, type Arguments } from './arguments.js';
import { VoidError } from './benchmark.js';
import { benchmarks } from './benchmarks.js';
import { killProcesses } from './measure/children.js';
import { startBenchServer } from './measure/server.js';
import { runBenchmark, type Outcome } from './run.js';

// npm run bench -- [W10 …] [--json FILE]
// Exit codes: 0 measured, 1 not measured or work was missing, 2 not understood. A missed target is a result, not a failure.

const say = (line: string) => void process.stdout.write(`${line}\n`);
const tell = (line: string) => void process.stderr.write(`bench: ${line}\n`);

async function measure({ names, json }: Arguments): Promise<void> {
  const chosen = benchmarks.filter(({ name }) => names.length === 0 || names.includes(name));
  const file = json === undefined ? undefined : resolve(process.env['INIT_CWD'] ?? '', json);
  const server = await startBenchServer();
  const stop = () => {
    killProcesses();
    void server.stop().finally(() => process.exit(130));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  try {
    const started = new Date().toISOString();
    const outcomes: Outcome[] = [];
    for (const one of chosen) outcomes.push(await runBenchmark(one, { server, say, tell }));
    if (file) writeFileSync(file, `${JSON.stringify({ started, machine: machine(), outcomes }, null, 2)}\n`);
  } finally {
    await server.stop();
  }
}

const machine = () => ({
  node: process.version,
  platform: `${process.platform}-${process.arch}`,
  cpus: cpus().length,
  cpu: cpus()[0]?.model ?? 'unknown',
  memoryBytes: totalmem(),
});

function exitCodeOf(error: unknown): number {
  const text = error instanceof Error ? error.message : String(error);
  if (error instanceof VoidError) say(`VOID ${text}`);
  else tell(text);
  return error instanceof UsageError ? 2 : 1;
}

try {
  await measure(
    parseArguments(
      process.argv.slice(2),
      benchmarks.map(({ name }) => name),
    ),
  );
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
