import type { LogEvent, RecordedEvent } from '@tidemark/contracts';
import type { Append, Appended, EventStore, Loaded } from '../event-store.js';
import type { LogReader } from '../log-reader.js';
import { prepareAppend, type PreparedAppend } from '../prepared-append.js';
import { asJsonb } from './jsonb.js';
import { MemoryLog } from './memory-log.js';

/** For tests: keeps every promise of the port except that of the disk, which is its `MemoryLog`. */
export class MemoryEventStore implements EventStore {
  constructor(private readonly log: MemoryLog = new MemoryLog()) {}

  async append(append: Append): Promise<Appended> {
    const prepared = prepareAppend(append);
    await aMoment();
    return this.write(prepared);
  }

  async load(org: string, stream: string, command?: string): Promise<Loaded> {
    await aMoment();
    const { streams, commands } = this.log.organization(org);
    const stored = streams.get(stream);
    const repeated = command === undefined ? undefined : commands.get(command);
    return {
      version: stored?.version ?? 0,
      schema: stored?.schema ?? 0,
      state: stored ? asJsonb(stored.state) : null,
      ...(repeated && { repeated: { ...repeated } }),
    };
  }

  async readStream(org: string, stream: string, after: number, limit: number): Promise<RecordedEvent[]> {
    await aMoment();
    const events = this.log.organization(org).events.get(stream) ?? [];
    return structuredClone(events.filter(({ version }) => version > after).slice(0, limit));
  }

  private write(append: PreparedAppend): Appended {
    const { org, stream, command, fingerprint, schema, state } = append;
    const { streams, events, commands } = this.log.organization(org);
    const repeated = commands.get(command);
    if (repeated) return { outcome: 'repeated', ...repeated };
    const actual = streams.get(stream)?.version ?? 0;
    if (actual !== append.expected) return { outcome: 'conflict', actual };
    const version = actual + append.events.length;
    const recorded = recordedEvents(append);
    streams.set(stream, { version, schema, state });
    events.set(stream, [...(events.get(stream) ?? []), ...recorded]);
    commands.set(command, { version, fingerprint });
    this.log.add(recorded);
    return { outcome: 'appended', version };
  }
}

/** Gives what waits its position whenever somebody looks. */
export class MemoryLogReader implements LogReader {
  constructor(private readonly log: MemoryLog) {}

  async read(after: number, limit: number): Promise<LogEvent[]> {
    await aMoment();
    this.log.sequence();
    return structuredClone(this.log.log.slice(after, after + limit));
  }

  async head(): Promise<number> {
    await aMoment();
    this.log.sequence();
    return this.log.log.length;
  }
}

function recordedEvents({
  org,
  stream,
  expected,
  command,
  meta,
  at,
  events,
}: PreparedAppend): RecordedEvent[] {
  return events.map(({ id, type, typeVersion, data }, index) => ({
    org,
    stream,
    version: expected + index + 1,
    id,
    type,
    typeVersion,
    data: asJsonb(data),
    meta: { account: meta.account, requestId: meta.requestId, command },
    at,
  }));
}

/** Others get their turn in between, as they would with a database. */
const aMoment = () => new Promise<void>((resolve) => setImmediate(resolve));
