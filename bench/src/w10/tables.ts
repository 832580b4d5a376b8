import pg from 'pg';

/** Per side: its events as (stream, version), and the version that the stream itself claims. */
const queries: Readonly<Record<string, string>> = {
  tidemark: `
    select e.stream, count(*)::int as events, min(version)::int as first, max(version)::int as last,
      (select s.version::int from bench.streams s where s.org = e.org and s.stream = e.stream) as claimed
    from bench.events e group by org, stream`,
  'emmett-postgresql': `
    select e.stream_id as stream, count(*)::int as events, min(stream_position)::int as first, max(stream_position)::int as last,
      (select s.stream_position::int from emt_streams s where s.stream_id = e.stream_id and s.partition = e.partition) as claimed
    from emt_messages e group by stream_id, partition`,
};

interface StreamRow {
  readonly stream: string;
  readonly events: number;
  readonly first: number;
  readonly last: number;
  readonly claimed: number | null;
}

/** What lies in the tables, past the side's own readers, against what was acknowledged. */
export async function faultsInTables(
  url: string,
  side: string,
  versions: Readonly<Record<string, number>>,
): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<StreamRow>(queries[side]!);
    return compared(rows, versions);
  } finally {
    await client.end();
  }
}

export function compared(rows: readonly StreamRow[], versions: Readonly<Record<string, number>>): string[] {
  const faults = rows
    .filter(
      ({ stream, events, first, last, claimed }) =>
        [events, last, claimed].some((version) => version !== versions[stream]) || first !== 1,
    )
    .map(
      ({ stream, events, last }) =>
        `${stream} has ${events} events up to ${last} instead of ${versions[stream] ?? 'none'}`,
    );
  const there = new Set(rows.map(({ stream }) => stream));
  const missing = Object.keys(versions).filter((stream) => !there.has(stream));
  return [...faults, ...missing.map((stream) => `${stream} is missing`)].slice(0, 5);
}
