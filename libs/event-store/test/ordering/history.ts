import type { LogEvent } from '@tidemark/contracts';

/** What a writer knows to be committed. */
export interface CommittedEvent {
  readonly org: string;
  readonly stream: string;
  readonly version: number;
  readonly id: string;
}

export interface Verdict {
  /** Committed events that the reader has never seen. */
  readonly skipped: number;
  /** Events and positions that it has seen more than once. */
  readonly doubled: number;
  /** Everything else that must not be, in words. */
  readonly wrong: readonly string[];
}

const keyOf = ({ org, stream, version }: CommittedEvent | LogEvent) => `${org} ${stream} ${version}`;

/** What a follower has seen, in the order in which it saw it, against what writers have committed. */
export function judgeHistory(seen: readonly LogEvent[], committed: readonly CommittedEvent[]): Verdict {
  const ids = new Map(committed.map((event) => [keyOf(event), event.id]));
  const places = new Set(seen.map(keyOf));
  const positions = new Set(seen.map(({ position }) => position));
  return {
    skipped: committed.filter((event) => !places.has(keyOf(event))).length,
    doubled: seen.length - places.size + (seen.length - positions.size),
    wrong: [...strangers(seen, ids), ...gaps(seen), ...disorder(seen)],
  };
}

function strangers(seen: readonly LogEvent[], committed: ReadonlyMap<string, string>): string[] {
  return seen.flatMap((event) => {
    const id = committed.get(keyOf(event));
    if (id === undefined) return [`${keyOf(event)} was never committed`];
    return id === event.id ? [] : [`${keyOf(event)} is another event than the committed one`];
  });
}

function gaps(seen: readonly LogEvent[]): string[] {
  return seen.flatMap(({ position }, index) =>
    position === index + 1 ? [] : [`position ${position} came as number ${index + 1}`],
  );
}

function disorder(seen: readonly LogEvent[]): string[] {
  const last = new Map<string, number>();
  return seen.flatMap((event) => {
    const stream = `${event.org} ${event.stream}`;
    const before = last.get(stream) ?? 0;
    last.set(stream, event.version);
    return event.version === before + 1 ? [] : [`${keyOf(event)} came after version ${before}`];
  });
}
