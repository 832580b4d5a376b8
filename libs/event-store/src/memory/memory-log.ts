import type { LogEvent, RecordedEvent } from '@tidemark/contracts';

interface StoredStream {
  readonly version: number;
  readonly schema: number;
  /** JSON */
  readonly state: string;
}

interface StoredCommand {
  readonly version: number;
  readonly fingerprint: string;
}

export interface StoredOrganization {
  readonly streams: Map<string, StoredStream>;
  readonly events: Map<string, RecordedEvent[]>;
  readonly commands: Map<string, StoredCommand>;
}

/** What a crash of the adapters in front of it leaves: the disk of the memory adapters. */
export class MemoryLog {
  private readonly organizations = new Map<string, StoredOrganization>();
  private waiting: RecordedEvent[] = [];
  private readonly positioned: LogEvent[] = [];

  organization(org: string): StoredOrganization {
    const found = this.organizations.get(org);
    if (found) return found;
    const made = { streams: new Map(), events: new Map(), commands: new Map() };
    this.organizations.set(org, made);
    return made;
  }

  add(events: readonly RecordedEvent[]): void {
    this.waiting.push(...events);
  }

  /** By organization, stream and version, as Postgres does: the order of arrival is no promise. */
  sequence(): void {
    const ordered = this.waiting.sort(
      (a, b) => compare(a.org, b.org) || compare(a.stream, b.stream) || a.version - b.version,
    );
    this.waiting = [];
    for (const event of ordered) this.positioned.push({ position: this.positioned.length + 1, ...event });
  }

  /** Position n stands at index n - 1. */
  get log(): readonly LogEvent[] {
    return this.positioned;
  }
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
