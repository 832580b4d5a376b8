import type { Database, Tx } from '@tidemark/runtime';
import type { UnreadableDelivery } from '../events/delivery.js';
import type { Advance, Heard, InboxStore, InboxTx, Parked, ParkedStream } from './inbox-store.js';
import { fromKept, toKept } from './kept-wire.js';

/** In the consumer's own schema, through its application role; tables: `inboxMigrations`. */
export class PostgresInboxStore implements InboxStore {
  constructor(private readonly db: Database) {}

  inOrg<T>(source: string, org: string, work: (inbox: InboxTx) => Promise<T>): Promise<T> {
    return this.db.tx({ tenant: org }, (tx) => work(new PostgresInboxTx(tx, source, org)));
  }

  async recordUnreadable(source: string, messages: readonly UnreadableDelivery[]): Promise<void> {
    await this.db.one('inbox.unreadable', RECORD_UNREADABLE, [
      source,
      messages.map(({ partition }) => partition),
      messages.map(({ offset }) => offset),
      messages.map(({ sha256 }) => sha256),
      messages.map(({ reason }) => reason),
    ]);
  }

  parkedStreams(limit: number): Promise<readonly ParkedStream[]> {
    return this.db.one<ParkedStream>('inbox.parked-streams', PARKED_STREAMS, [limit]);
  }

  async parkedMessages(): Promise<number> {
    const [row] = await this.db.one<{ messages: number }>('inbox.parked-messages', PARKED_MESSAGES);
    return row!.messages;
  }
}

class PostgresInboxTx implements InboxTx {
  constructor(
    readonly tx: Tx,
    private readonly source: string,
    private readonly org: string,
  ) {}

  async lock(streams: readonly string[]): Promise<ReadonlyMap<string, Heard>> {
    type Row = { stream: string; version: number; parked_from: number | null };
    const rows = await this.tx.query<Row>(LOCK, [this.org, this.source, streams], 'inbox.lock');
    return new Map(
      rows.map(({ stream, version, parked_from }) => [stream, { version, parkedFrom: parked_from }]),
    );
  }

  async advance(changes: readonly Advance[]): Promise<void> {
    const columns = [
      changes.map(({ stream }) => stream),
      changes.map(({ version }) => version),
      changes.map(({ parkedFrom }) => parkedFrom),
      changes.map(({ known }) => known),
    ];
    await this.tx.query(ADVANCE, [this.org, this.source, ...columns], 'inbox.advance');
  }

  async park(messages: readonly Parked[]): Promise<void> {
    const columns = [
      messages.map(({ stream }) => stream),
      messages.map(({ version }) => version),
      messages.map(({ wire }) => toKept(wire)),
      messages.map(({ reason }) => reason),
    ];
    await this.tx.query(PARK, [this.org, this.source, ...columns], 'inbox.park');
  }

  async parkedAbove(stream: string, version: number, limit: number): Promise<readonly Parked[]> {
    type Row = { version: number; wire: Buffer; reason: string };
    const rows = await this.tx.query<Row>(PARKED_ABOVE, [this.org, this.source, stream, version, limit]);
    return rows.map((row) => ({
      stream,
      version: row.version,
      wire: fromKept(row.wire),
      reason: row.reason,
    }));
  }

  async unpark(stream: string, upTo: number): Promise<number | null> {
    const [row] = await this.tx.query<{ lowest: number | null }>(UNPARK, [
      this.org,
      this.source,
      stream,
      upTo,
    ]);
    return row!.lowest;
  }
}

const LOCK = `
  select stream, version, parked_from from heard
  where org = $1 and source = $2 and stream = any($3::text[]) order by stream for update`;

/** Rows that were locked are updated. A row that was not there is inserted: had somebody else done so, this fails. */
const ADVANCE = `
  with change as (
    select * from unnest($3::text[], $4::bigint[], $5::bigint[], $6::bool[]) as c (stream, version, parked_from, known)
  ), moved as (
    update heard h set version = c.version, parked_from = c.parked_from from change c
    where c.known and h.org = $1 and h.source = $2 and h.stream = c.stream
  )
  insert into heard (org, source, stream, version, parked_from)
  select $1, $2, stream, version, parked_from from change where not known`;

const PARK = `
  with kept as (
    insert into parked (org, source, stream, version, digest, wire, reason)
    select $1, $2, stream, version, sha256(wire), wire, reason
    from unnest($3::text[], $4::bigint[], $5::bytea[], $6::text[])
      with ordinality as m (stream, version, wire, reason, nr)
    order by nr on conflict do nothing returning stream
  )
  insert into parked_streams as p (source, org, stream, messages)
  select $2, $1, stream, count(*) from kept group by stream order by stream
  on conflict (source, org, stream) do update set messages = p.messages + excluded.messages`;

const PARKED_ABOVE = `
  select version, wire, reason from parked
  where org = $1 and source = $2 and stream = $3 and version > $4 order by version, seq limit $5`;

/** All parts see the rows as they were before: what is left is counted, not what is gone. */
const UNPARK = `
  with gone as (
    delete from parked where org = $1 and source = $2 and stream = $3 and version <= $4
  ), rest as (
    select min(version) as lowest, count(*) as messages from parked
    where org = $1 and source = $2 and stream = $3 and version > $4
  ), counted as (
    update parked_streams p set messages = rest.messages from rest
    where p.source = $2 and p.org = $1 and p.stream = $3 and rest.messages > 0
  ), emptied as (
    delete from parked_streams p using rest
    where p.source = $2 and p.org = $1 and p.stream = $3 and rest.messages = 0
  )
  select lowest from rest`;

const RECORD_UNREADABLE = `
  insert into unreadable (source, partition, "offset", sha256, reason)
  select $1, * from unnest($2::int[], $3::bigint[], $4::text[], $5::text[]) on conflict do nothing`;

const PARKED_STREAMS = `
  select source, org, stream, messages from parked_streams order by source, org, stream limit $1`;

const PARKED_MESSAGES = `select coalesce(sum(messages), 0)::bigint as messages from parked_streams`;
