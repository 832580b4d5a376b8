import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { check } from '../checker/check.mjs';
import type { History } from '../checker/history.mjs';
import { Distributed, type Part } from './kit/distributed.js';
import { inject, type Fault } from './kit/injector.js';
import { until } from './kit/program.js';
import { askPostgres } from './kit/postgres-of.js';
import { seededRandom } from '@tidemark/testing';
import { rebuildProjection } from './kit/rebuild.js';
import { repeatFrom } from './kit/repeats.js';
import { liveTables, rebuiltTables } from './kit/tables.js';
import { countsOf, entriesOf, heardOf, logOf, topicOf, withProjects } from './kit/witness.js';
import { Writers } from './kit/writers.js';

const load = { organizations: 160, changes: 20, writers: 16, givesUp: 0.08 };
const wanted = 3_000;

const ofOrder = [
  'first-delivery-out-of-order',
  'stream-on-two-partitions',
  'entries-out-of-order',
  'position-against-version',
];

describe('events while processes are killed', () => {
  const random = seededRandom();
  const dataDir = mkdtempSync(join(tmpdir(), 'tidemark-faults-'));
  chmodSync(dataDir, 0o755);
  let product: Distributed;

  beforeAll(async () => (product = await Distributed.start(dataDir)), 150_000);
  afterAll(async () => {
    await product?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }, 90_000);

  it('are all on the topic and in the audit afterwards, in order, and nothing else is', async () => {
    const writers = new Writers(product, load, random);
    const written = writers.run();
    const all = load.organizations * load.changes;
    const struck = await inject(faults(), random, all, () => writers.settled).catch((error: unknown) => {
      writers.stop();
      throw error;
    });
    await written;

    const { cluster, kafkaData } = product;
    await until('the audit to have everything', 120_000, async () => {
      const { events, entries } = await countsOf(cluster);
      return entries >= events;
    });
    const events = await logOf(cluster);
    const rebuilt = rebuiltTables(events);
    const same = async () => isDeepStrictEqual(await liveTables(cluster), rebuilt);
    await until('all tables to follow', 60_000, same).catch(() => undefined);
    const difference = withoutCommon(await liveTables(cluster), rebuilt);

    const history = {
      requests: withProjects(writers.requests, events),
      events,
      entries: await entriesOf(cluster),
      heard: await heardOf(cluster),
    };
    const whole = { ...history, messages: topicOf(kafkaData) };
    const { parked } = await countsOf(cluster);

    const violations = check(whole);
    const order = violations.filter(({ rule }) => ofOrder.includes(rule));
    const repeats = whole.messages.length - new Set(whole.messages.map(({ id }) => id)).size;
    const run = `events=${whole.events.length} faults=${struck.length}`;
    const ends = (wantedEnd: string) =>
      writers.requests.filter(({ outcome }) => outcome === wantedEnd).length;
    const asked = `acknowledged=${ends('acknowledged')} refused=${ends('refused')} unknown=${ends('unknown')}`;
    console.log(
      `GATE R11 ${run} difference=${violations.length - order.length} parked=${parked} ${asked} seed=${random.seed}`,
    );
    console.log(`GATE R12 ${run} violations=${order.length} repeats=${repeats} seed=${random.seed}`);
    console.log(
      `GATE R14 ${run} rows=${rebuilt.length} diff=${difference.length || 'empty'} repeats=${repeats} seed=${random.seed}`,
    );
    if (violations.length > 0)
      console.log(`struck ${struck.join(' ')}; history kept in ${kept(whole)}\n${product.words()}`);
    expect(violations.slice(0, 20)).toEqual([]);
    expect(difference.slice(0, 20)).toEqual([]);
    expect(whole.events.length).toBeGreaterThanOrEqual(wanted);
    expect(repeats / whole.events.length).toBeGreaterThanOrEqual(0.05);
    expect(parked).toBe(0);
  }, 240_000);

  it('leave a list of organizations that its rebuild equals, and that a rebuild repairs', async () => {
    const { cluster } = product;
    const before = await liveTables(cluster);
    expect(await rebuildProjection(cluster, '--compare')).toMatchObject({ code: 0, differences: [] });

    await askPostgres(
      cluster,
      `update orgs.organization_list set name = 'x' where org = (select max(org) from orgs.members)`,
    );
    const repaired = await rebuildProjection(cluster);
    expect(repaired).toMatchObject({
      code: 1,
      differences: expect.arrayContaining([expect.stringContaining('"x"')]),
    });
    expect(await liveTables(cluster)).toEqual(before);
  }, 60_000);

  const killOf = (part: Part): Fault => ({ name: part, strike: async () => product.kill(part) });

  const faults = (): Fault[] => [
    ...(['orgs', 'audit', 'audit', 'gateway', 'kafka', 'postgres', 'redis'] as const).map(killOf),
    {
      name: 'relay set back',
      async strike() {
        let killed: { returned: () => Promise<void> } | undefined;
        await repeatFrom(product.cluster, Math.ceil(wanted * 0.08), () => (killed = product.kill('orgs')));
        return killed!;
      },
    },
  ];
});

function withoutCommon(live: readonly string[], rebuilt: readonly string[]): string[] {
  const only = (a: readonly string[], b: ReadonlySet<string>, mark: string) =>
    a.filter((row) => !b.has(row)).map((row) => `${mark}${row}`);
  return [...only(live, new Set(rebuilt), '+'), ...only(rebuilt, new Set(live), '-')];
}

/** For a look at what went wrong: `node test/checker/check-events.mjs <folder>/*`. */
function kept(history: History): string {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-history-'));
  const kinds = {
    requests: 'request',
    events: 'event',
    messages: 'message',
    entries: 'entry',
    heard: 'heard',
  } as const;
  for (const [records, kind] of Object.entries(kinds)) {
    const lines =
      history[records as keyof typeof kinds]?.map((record) => JSON.stringify({ kind, ...record })) ?? [];
    writeFileSync(join(folder, `${records}.ndjson`), lines.join('\n'));
  }
  return folder;
}
