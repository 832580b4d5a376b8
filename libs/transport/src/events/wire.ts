import { isOrgId, isUuid, type EventMeta, type LogEvent } from '@tidemark/contracts';
import type { DamagedDelivery, EventDelivery, Place, WireMessage } from './delivery.js';

/** Nothing of the message can be trusted, not even to whom it belongs. */
export interface Unreadable {
  readonly kind: 'unreadable';
  readonly reason: string;
}

/** Larger ones are parked: what can be appended is smaller, and a topic takes no more than `LARGEST_BATCH`. */
export const LARGEST_MESSAGE = 1.5 * 1024 * 1024;

export function toWire(event: LogEvent): WireMessage {
  return {
    headers: {
      'event-id': event.id,
      type: event.type,
      version: String(event.typeVersion),
      org: event.org,
      stream: event.stream,
      'stream-version': String(event.version),
      position: String(event.position),
      at: event.at,
    },
    // The organization stands in both parts, so that a message which ended up with a foreign header is noticed.
    value: Buffer.from(JSON.stringify({ org: event.org, data: event.data, meta: event.meta })),
  };
}

const STREAM = /^[^\p{Cc}\p{Cs}\uFFFD]{1,255}$/u;
const TYPE = /^[A-Za-z][A-Za-z0-9.]{0,99}$/;
const AT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** The headers say where an event belongs; only when that is beyond doubt can a damaged one be parked there. */
export function fromWire(
  wire: WireMessage,
  largest: number = LARGEST_MESSAGE,
): EventDelivery | DamagedDelivery | Unreadable {
  const place = placeIn(wire.headers);
  if (typeof place === 'string') return { kind: 'unreadable', reason: place };
  const damaged = (reason: string): DamagedDelivery => ({ kind: 'damaged', place, reason, wire });
  if (wire.value.length > largest) return damaged(`larger than ${largest} bytes`);
  const body = bodyOf(wire.value);
  if (!body) return damaged('its value is not the JSON of an event');
  if (body.org !== place.org)
    return { kind: 'unreadable', reason: 'header and value name different organizations' };
  const wrong = wrongHeader(wire.headers);
  return wrong
    ? damaged(`its header ${wrong} is missing or malformed`)
    : { kind: 'event', event: eventOf(wire, place, body) };
}

function placeIn(headers: WireMessage['headers']): Place | string {
  const { org, stream } = headers;
  const version = positive(headers['stream-version']);
  if (!isOrgId(org)) return 'no organization in its headers';
  if (stream === undefined || !STREAM.test(stream)) return 'no stream in its headers';
  return version === undefined ? 'no version of its stream in its headers' : { org, stream, version };
}

function wrongHeader(headers: WireMessage['headers']): string | undefined {
  if (!isUuid(headers['event-id'])) return 'event-id';
  if (!TYPE.test(headers['type'] ?? '')) return 'type';
  if (positive(headers['version']) === undefined) return 'version';
  if (positive(headers['position']) === undefined) return 'position';
  return AT.test(headers['at'] ?? '') && !Number.isNaN(Date.parse(headers['at']!)) ? undefined : 'at';
}

interface Body {
  readonly org: unknown;
  readonly data: object;
  readonly meta: EventMeta;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function bodyOf(value: Buffer): Body | undefined {
  try {
    const body: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(value));
    if (!isObject(body) || !isObject(body['data']) || !isObject(body['meta'])) return undefined;
    const { account, requestId, command } = body['meta'];
    const known = typeof account === 'string' && typeof requestId === 'string' && typeof command === 'string';
    return known ? (body as unknown as Body) : undefined;
  } catch {
    return undefined;
  }
}

function eventOf({ headers }: WireMessage, place: Place, { data, meta }: Body): LogEvent {
  return {
    org: place.org,
    stream: place.stream,
    version: place.version,
    id: headers['event-id']!,
    type: headers['type']!,
    typeVersion: Number(headers['version']),
    data,
    meta,
    at: headers['at']!,
    position: Number(headers['position']),
  };
}

function positive(text: string | undefined): number | undefined {
  if (text === undefined || !/^[1-9]\d{0,15}$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : undefined;
}
