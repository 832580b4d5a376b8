import type { Entry, Heard, History, LogEvent, Message, Request } from './history.mjs';

type Whole = History & { messages: Message[] };

const streams = [
  ['org_a', 'organization-a'],
  ['org_b', 'organization-b'],
  ['org_a', 'project-p'],
  ['org_a', 'organization-a'],
  ['org_b', 'organization-b'],
  ['org_a', 'organization-a'],
] as const;

/** Six changes in three streams of two organizations, one after the other, and nothing wrong anywhere. */
export function goodHistory(): Whole {
  const versions = new Map<string, number>();
  const next = (key: string) => versions.set(key, (versions.get(key) ?? 0) + 1).get(key) ?? 0;
  const events = streams.map(([org, stream], index) =>
    event(index + 1, org, stream, next(`stream ${stream}`)),
  );
  return {
    requests: events.map(({ mark, org, version, position }) =>
      request(mark, Number(position) * 10, { org, version }),
    ),
    events,
    messages: events.map((own, index) => messageOf(own, index)),
    entries: events.map(({ id, org }): Entry => ({
      consumer: 'audit',
      org,
      seq: next(`entries ${org}`),
      event: id,
    })),
    heard: [...new Map(events.map((own) => [own.stream, own])).values()].map(
      ({ org, stream, version }): Heard => ({ consumer: 'audit', org, stream, version }),
    ),
  };
}

export const event = (position: number, org: string, stream: string, version: number): LogEvent => ({
  mark: `change ${position}`,
  id: `00000000-0000-4000-8000-00000000000${position}`,
  org,
  stream,
  version,
  type: version === 1 ? 'Created' : 'Renamed',
  typeVersion: 1,
  data: { name: `change ${position}`, by: { account: 'acct_1', role: 'owner' } },
  meta: { account: 'acct_1', requestId: `r${position}`, command: `c${position}` },
  at: '2026-01-01T00:00:00.000Z',
  position,
});

export function messageOf({ mark: _, ...content }: LogEvent, offset: number): Message {
  return { ...structuredClone(content), partition: content.org === 'org_a' ? 0 : 1, offset };
}

export const request = (mark: string, from: number, more: Partial<Request> = {}): Request => ({
  mark,
  outcome: 'acknowledged',
  from,
  to: from + 5,
  ...more,
});
