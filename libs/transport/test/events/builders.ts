import { createHash } from 'node:crypto';
import { derivedUuid, type LogEvent } from '@tidemark/contracts';
import type { EventDelivery } from '../../src/events/delivery.js';

export const orgId = (name: string) => `org_${createHash('md5').update(name).digest('hex')}`;

export const ORG_A = orgId('a');
export const ORG_B = orgId('b');

/** One event; positions are given by whoever puts it into a log. */
export function event(org: string, stream: string, version: number, more: Partial<LogEvent> = {}): LogEvent {
  const id = derivedUuid(org, stream, String(version));
  return {
    org,
    stream,
    version,
    id,
    type: 'OrganizationRenamed',
    typeVersion: 1,
    data: { name: `name ${version}` },
    meta: { account: 'acct_test', requestId: 'request-1', command: id },
    at: '2026-01-01T00:00:00.000Z',
    position: version,
    ...more,
  };
}

export const delivery = (
  org: string,
  stream: string,
  version: number,
  more: Partial<LogEvent> = {},
): EventDelivery => ({
  kind: 'event',
  event: event(org, stream, version, more),
});

/** Versions 1 to `count` of one stream. */
export const stream = (org: string, name: string, count: number): LogEvent[] =>
  Array.from({ length: count }, (_, index) => event(org, name, index + 1));

/** What a log of these events looks like: dense positions, in this order. */
export const positioned = (events: readonly LogEvent[]): LogEvent[] =>
  events.map((one, index) => ({ ...one, position: index + 1 }));
