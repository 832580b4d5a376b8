import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { cpuMsOfEndedChildren } from '../../measure/cpu.js';
import { durabilityOf } from '../../measure/durability.js';
import { percentile } from '../../measure/statistics.js';
import type { Cell } from '../cell.js';
import type { Payload } from '../payloads.js';
import type { Timed } from '../side.js';

/** The columns of an event row of ours, and its key; nothing else: no folded state, no command ids, no positions. */
const table = `
  create table raw_events (
    org text collate "C" not null,
    stream text collate "C" not null,
    version integer not null,
    id uuid not null,
    type text not null,
    type_version smallint not null,
    data jsonb not null,
    command uuid not null,
    at timestamptz not null,
    primary key (org, stream, version)
  )`;

/** The rows of one append; payloads come in as a parameter, as they do from every other client. */
const insert = `
  insert into raw_events
  select 'org_' || lpad((:client_id % 8)::text, 32, '0'), 'branch-timed-' || :client_id || '-' || :stream,
    :before + place, gen_random_uuid(), 'BranchHeadMoved', 1, data::jsonb, gen_random_uuid(), now()
  from unnest(:PAYLOAD::text[]) with ordinality as payload (data, place);`;

const oneRow = `
  insert into raw_events values ('org_' || lpad((:client_id % 8)::text, 32, '0'),
    'branch-timed-' || :client_id || '-' || :stream, :before + 1, gen_random_uuid(), 'BranchHeadMoved', 1,
    :PAYLOAD::jsonb, gen_random_uuid(), now());`;

export async function prepareTable(url: string): Promise<void> {
  await asked(url, async (client) => client.query(table));
}

/** What the disk and the server can do with the same bytes at most, without an event store around them. */
export async function pgbench({
  url,
  tools,
  folder,
  cell,
  payloads,
}: {
  url: string;
  tools: string;
  folder: string;
  cell: Cell;
  payloads: readonly Payload[];
}): Promise<Timed & { readonly output: string }> {
  const work = join(folder, 'pgbench');
  mkdirSync(work);
  try {
    const durability = await durabilityOf(url);
    const cpu = cpuMsOfEndedChildren();
    const output = await run(join(tools, 'pgbench'), argumentsFor(work, cell, payloads), url, work);
    const clientCpuMs = cpuMsOfEndedChildren() - cpu;
    const events = cell.appends * cell.eventsPerAppend;
    const ms = (cell.appends * 1_000) / number(output, /tps = ([\d.]+) \(without initial connection time\)/);
    const latencies = logged(work);
    return {
      appends: cell.appends,
      events,
      acknowledgedMs: ms,
      readableMs: ms,
      p50Ms: percentile(latencies, 0.5),
      p99Ms: percentile(latencies, 0.99),
      clientCpuMs,
      statements: cell.appends,
      durability,
      output,
    };
  } finally {
    rmSync(work, { recursive: true });
  }
}

/** Sets of a whole append travel as arguments, which have their limits; each holds every payload. */
const MOST_SETS = 16;

/** One script per payload or set, chosen at random each time; a client's variables live from script to script. */
function argumentsFor(work: string, cell: Cell, all: readonly Payload[]): string[] {
  const payloads = cell.eventsPerAppend === 1 ? all : all.slice(0, MOST_SETS);
  const scripts = payloads.map((_, index) => {
    const file = join(work, `${index}.sql`);
    const counted = [
      `\\set stream :n / ${cell.appendsPerStream}`,
      `\\set before (:n % ${cell.appendsPerStream}) * ${cell.eventsPerAppend}`,
    ];
    const statement = cell.eventsPerAppend === 1 ? oneRow : insert;
    writeFileSync(
      file,
      [
        ...counted,
        statement.replace('PAYLOAD', `p${index}`).replaceAll('\n', ' ').trim(),
        '\\set n :n + 1',
        '',
      ].join('\n'),
    );
    return file;
  });
  const values = payloads.map((_, index) => `p${index}=${parameter(cell, all, index)}`);
  return [
    ...[
      '--no-vacuum',
      '--protocol=prepared',
      `--client=${cell.writers}`,
      '--jobs=2',
      '--log',
      '--define=n=0',
    ],
    `--transactions=${cell.appends / cell.writers}`,
    ...values.map((value) => `--define=${value}`),
    ...scripts.map((file) => `--file=${file}`),
  ];
}

/** One payload, or as many as an append has, as an array. */
function parameter({ eventsPerAppend }: Cell, payloads: readonly Payload[], index: number): string {
  if (eventsPerAppend === 1) return JSON.stringify(payloads[index]);
  const texts = Array.from({ length: eventsPerAppend }, (_, n) =>
    JSON.stringify(payloads[(index + n) % payloads.length]),
  );
  return `{${texts.map((one) => JSON.stringify(one)).join()}}`;
}

async function run(program: string, args: readonly string[], url: string, cwd: string): Promise<string> {
  const { hostname, port, username, password, pathname } = new URL(url);
  const env = {
    PGHOST: hostname,
    PGPORT: port,
    PGUSER: username,
    PGPASSWORD: password,
    PGDATABASE: pathname.slice(1),
  };
  const child = spawn(program, args, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 120_000,
    killSignal: 'SIGKILL',
  });
  const ended = once(child, 'close') as Promise<[number | null]>;
  const [output, complaint, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code !== 0)
    throw new Error(`pgbench ended with ${String(code)}: ${complaint.trim().split('\n').at(-1) ?? ''}`);
  return output;
}

function number(output: string, pattern: RegExp): number {
  const found = pattern.exec(output)?.[1];
  if (found === undefined) throw new Error(`pgbench did not say ${String(pattern)}`);
  return Number(found);
}

/** The third field of each line of its logs: microseconds of one transaction. */
const logged = (work: string): number[] =>
  readdirSync(work)
    .filter((name) => name.startsWith('pgbench_log.'))
    .flatMap((name) => readFileSync(join(work, name), 'latin1').trim().split('\n'))
    .map((line) => Number(line.split(' ')[2]) / 1_000);

/** What it says itself and what lies in the table. */
export async function faultsOfPgbench(url: string, cell: Cell, output: string): Promise<string[]> {
  const failed = number(output, /number of failed transactions: (\d+)/);
  const { rows } = await asked(url, (client) =>
    client.query<{ events: number; broken: number }>(
      `select coalesce(sum(size), 0)::int as events, count(*) filter (where size <> last)::int as broken
       from (select count(*) as size, max(version) as last from raw_events group by org, stream) streams`,
    ),
  );
  const { events, broken } = rows[0]!;
  return [
    ...(failed > 0 ? [`${failed} transactions failed`] : []),
    ...(events === cell.appends * cell.eventsPerAppend ? [] : [`there are ${events} rows`]),
    ...(broken > 0 ? [`${broken} streams have gaps`] : []),
  ];
}

async function asked<T>(url: string, ask: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await ask(client);
  } finally {
    await client.end();
  }
}
