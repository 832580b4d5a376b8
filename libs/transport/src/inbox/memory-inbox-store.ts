import type { Tx } from '@tidemark/runtime';
import type { UnreadableDelivery } from '../events/delivery.js';
import { toKept } from './kept-wire.js';
import type { Advance, Heard, InboxStore, InboxTx, Parked, ParkedStream } from './inbox-store.js';

type Rows<Row> = Map<string, Row>;
type ParkedRows = readonly (Parked & { readonly source: string; readonly org: string })[];

/** Opens the handler's own part of a transaction in memory; `keep` makes it last. */
export type MemoryTx = (org: string) => { readonly tx: Tx; keep(): void };

const noTx: MemoryTx = () => ({
  tx: { query: () => Promise.reject(new Error('There is no database behind this transaction.')) },
  keep: () => undefined,
});

const key = (...parts: readonly string[]) => JSON.stringify(parts);

/** For tests: one transaction at a time, kept as a whole or not at all. */
export class MemoryInboxStore implements InboxStore {
  private heard: Rows<Heard> = new Map();
  private parked: ParkedRows = [];
  readonly unreadable: (UnreadableDelivery & { readonly source: string })[] = [];
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly open: MemoryTx = noTx) {}

  inOrg<T>(source: string, org: string, work: (inbox: InboxTx) => Promise<T>): Promise<T> {
    const result = this.turn.then(() => this.transaction(source, org, work));
    this.turn = result.catch(() => undefined);
    return result;
  }

  async recordUnreadable(source: string, messages: readonly UnreadableDelivery[]): Promise<void> {
    this.unreadable.push(...messages.map((message) => ({ ...message, source })));
  }

  async parkedStreams(limit: number): Promise<readonly ParkedStream[]> {
    const groups = Map.groupBy(this.parked, ({ source, org, stream }) => key(source, org, stream));
    const streams = [...groups.values()].map((rows) => {
      const { source, org, stream } = rows[0]!;
      return { source, org, stream, messages: rows.length };
    });
    return streams.slice(0, limit);
  }

  async parkedMessages(): Promise<number> {
    return this.parked.length;
  }

  private async transaction<T>(
    source: string,
    org: string,
    work: (inbox: InboxTx) => Promise<T>,
  ): Promise<T> {
    const opened = this.open(org);
    const heard = new Map(this.heard);
    let parked = this.parked;
    const result = await work({
      tx: opened.tx,
      lock: async (streams) => lockIn(heard, source, org, streams),
      advance: async (changes) => advanceIn(heard, source, org, changes),
      park: async (messages) => void (parked = parkIn(parked, source, org, messages)),
      parkedAbove: async (stream, version, limit) =>
        own(parked, source, org, stream)
          .filter((row) => row.version > version)
          .sort((a, b) => a.version - b.version)
          .slice(0, limit),
      unpark: async (stream, upTo) => {
        const gone = new Set(own(parked, source, org, stream).filter(({ version }) => version <= upTo));
        parked = parked.filter((row) => !gone.has(row));
        const left = own(parked, source, org, stream).map(({ version }) => version);
        return left.length > 0 ? Math.min(...left) : null;
      },
    });
    opened.keep();
    this.heard = heard;
    this.parked = parked;
    return result;
  }
}

const own = (rows: ParkedRows, source: string, org: string, stream: string) =>
  rows.filter((row) => row.source === source && row.org === org && row.stream === stream);

function lockIn(heard: Rows<Heard>, source: string, org: string, streams: readonly string[]) {
  const rows = streams.map((stream) => [stream, heard.get(key(source, org, stream))] as const);
  return new Map(rows.filter((row): row is readonly [string, Heard] => row[1] !== undefined));
}

function advanceIn(heard: Rows<Heard>, source: string, org: string, changes: readonly Advance[]): void {
  for (const { stream, version, parkedFrom, known } of changes) {
    const at = key(source, org, stream);
    if (known !== heard.has(at)) throw new Error(`${stream} was heard by somebody else.`);
    heard.set(at, { version, parkedFrom });
  }
}

function parkIn(rows: ParkedRows, source: string, org: string, messages: readonly Parked[]): ParkedRows {
  const same = (a: Parked, b: Parked) => a.version === b.version && toKept(a.wire).equals(toKept(b.wire));
  const added = messages.filter(
    (message) => !own(rows, source, org, message.stream).some((row) => same(row, message)),
  );
  return [...rows, ...added.map((message) => ({ ...message, source, org }))];
}
