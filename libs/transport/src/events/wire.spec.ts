import { event, ORG_A, ORG_B } from '../../test/events/builders.js';
import type { WireMessage } from './delivery.js';
import { fromWire, toWire } from './wire.js';

const original = event(ORG_A, 'organization-1', 3, { position: 17 });
const wire = toWire(original);
const withHeaders = (headers: Record<string, string | undefined>): WireMessage => ({
  ...wire,
  headers: Object.fromEntries(
    Object.entries({ ...wire.headers, ...headers }).filter(
      (pair): pair is [string, string] => pair[1] !== undefined,
    ),
  ),
});
const withValue = (value: string | Buffer): WireMessage => ({ ...wire, value: Buffer.from(value as string) });

describe('an event as a message', () => {
  it('carries the headers that others rely on', () => {
    expect(wire.headers).toEqual({
      'event-id': original.id,
      type: 'OrganizationRenamed',
      version: '1',
      org: ORG_A,
      stream: 'organization-1',
      'stream-version': '3',
      position: '17',
      at: '2026-01-01T00:00:00.000Z',
    });
  });

  it('comes back as it was, fields that nobody knows included', () => {
    const later = event(ORG_A, 's', 1, {
      data: { name: 'é\u2028🌊', colour: { r: 1 }, list: [null, 0.1] },
      meta: { ...original.meta, trace: '00-abc' } as typeof original.meta,
    });
    expect(fromWire(toWire(later))).toEqual({ kind: 'event', event: later });
  });
});

describe('a message that is no event', () => {
  it.each([
    ['bad JSON', withValue('{"data":')],
    ['an empty value', withValue('')],
    ['JSON that is no object', withValue('[1]')],
    ['no data', withValue(JSON.stringify({ org: ORG_A, meta: original.meta }))],
    ['no meta', withValue(JSON.stringify({ org: ORG_A, data: {} }))],
    [
      'half a meta',
      withValue(JSON.stringify({ org: ORG_A, data: {}, meta: { account: 'a', command: 'c' } })),
    ],
    ['bytes that are not UTF-8', withValue(Buffer.from([0x22, 0xff, 0x22]))],
    ['no event id', withHeaders({ 'event-id': undefined })],
    ['a type of garbage', withHeaders({ type: '\u0000' })],
    ['no type version', withHeaders({ version: undefined })],
    ['a type version of garbage', withHeaders({ version: '1e3' })],
    ['position 0', withHeaders({ position: '0' })],
    ['no time', withHeaders({ at: 'yesterday' })],
    ['a day that does not exist', withHeaders({ at: '2026-13-01T00:00:00.000Z' })],
  ])('%s: damaged, its place is known', (_, message) => {
    expect(fromWire(message)).toMatchObject({
      kind: 'damaged',
      place: { org: ORG_A, stream: 'organization-1', version: 3 },
      wire: message,
    });
  });

  it('too large: damaged', () => {
    expect(fromWire(wire, wire.value.length)).toMatchObject({ kind: 'event' });
    expect(fromWire(wire, wire.value.length - 1)).toMatchObject({ kind: 'damaged' });
  });

  it.each([
    ['no headers', { ...wire, headers: {} }],
    ['no organization', withHeaders({ org: undefined })],
    ['an organization that is none', withHeaders({ org: 'org_1' })],
    ['another organization than in its value', withHeaders({ org: ORG_B })],
    ['no stream', withHeaders({ stream: undefined })],
    ['a stream with control characters', withHeaders({ stream: 'a\u0000b' })],
    ['a stream that was not UTF-8', withHeaders({ stream: 'a\uFFFDb' })],
    ['no stream version', withHeaders({ 'stream-version': undefined })],
    ['stream version 0', withHeaders({ 'stream-version': '0' })],
    ['a stream version of garbage', withHeaders({ 'stream-version': '99999999999999999999' })],
  ])('%s: unreadable, nobody is made responsible', (_, message) => {
    expect(fromWire(message)).toMatchObject({ kind: 'unreadable', reason: expect.any(String) });
  });
});
