import pg from 'pg';
import { cells, type Cell } from './cell.js';
import { makePayloads, type Payload } from './payloads.js';
import { faultsOf, type Expectation } from './read-back.js';
import { percentile } from '../measure/statistics.js';
import { emmett } from './sides/emmett.js';
import { tidemark } from './sides/tidemark.js';
import type { Checked, Job, Side, Timed } from './side.js';
import { countStatements, statementsSent } from './statements.js';
import { write } from './writers.js';

// One side of one round, in a process of its own. Each answer waits for the next question: it opens and warms up; it is
// timed, and the server is looked at before it goes on; it reads everything back.

const message = <T>(): Promise<T> =>
  new Promise((resolve) => process.once('message', (said) => resolve(said as T)));
const say = (said: object): Promise<void> =>
  new Promise((resolve, reject) =>
    process.send!(said, undefined, {}, (error) => (error ? reject(error) : resolve())),
  );

async function answer(said: object): Promise<void> {
  const question = message();
  await say(said);
  await question;
}

function open({ side, url, peer }: Job): Promise<Side> {
  if (side === 'emmett-postgresql') return emmett(url, peer!);
  countStatements(pg.Client);
  return tidemark(url);
}

async function work(job: Job): Promise<void> {
  const cell = cells.find(({ name }) => name === job.cell)!;
  const payloads = makePayloads(job.seed);
  const side = await open(job);
  const warm = await write(side, cell, 'warm', cell.warmUp, payloads);
  const before = warm.appends * cell.eventsPerAppend;
  await side.lastIsReadable(before);
  await answer({ ready: true });
  const { timed, written } = await time(side, cell, before, payloads);
  await answer(timed);
  const versions = { ...warm.versions, ...written.versions };
  await answer(await check(side, before + timed.events, { versions, payloads, dense: side.dense }));
  await side.close();
}

async function time(side: Side, cell: Cell, before: number, payloads: readonly Payload[]) {
  const [statements, cpu, began] = [statementsSent(), process.cpuUsage(), performance.now()];
  const written = await write(side, cell, 'timed', cell.appends, payloads);
  const events = written.appends * cell.eventsPerAppend;
  await side.lastIsReadable(before + events);
  const [readableMs, used, sent] = [
    performance.now() - began,
    process.cpuUsage(cpu),
    statementsSent() - statements,
  ];
  const timed: Timed = {
    appends: written.appends,
    events,
    acknowledgedMs: written.ms,
    readableMs,
    p50Ms: percentile(written.latencies, 0.5),
    p99Ms: percentile(written.latencies, 0.99),
    clientCpuMs: (used.user + used.system) / 1_000,
    statements: sent,
    durability: side.durability,
  };
  return { timed, written };
}

async function check(side: Side, events: number, expectation: Expectation): Promise<Checked> {
  const began = performance.now();
  const read = await side.readAll(events);
  const readEventsPerSecond = (read.length * 1_000) / (performance.now() - began);
  return { readEventsPerSecond, versions: expectation.versions, faults: faultsOf(read, expectation) };
}

/** Without the one who asks there is nothing left to do. */
const orphaned = () => process.exit(1);
process.once('disconnect', orphaned);

try {
  await work(await message<Job>());
  process.off('disconnect', orphaned);
  process.disconnect();
} catch (error) {
  if (process.connected)
    await say({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  process.exit(1);
}
