import { randomUUID } from 'node:crypto';
import { DomainError, isUuid, type NewEvent } from '@tidemark/contracts';
import type { Append } from './event-store.js';
import { limits } from './limits.js';

export interface PreparedEvent {
  readonly id: string;
  readonly type: string;
  readonly typeVersion: number;
  /** JSON */
  readonly data: string;
}

/** An append that any adapter can store: checked, and its JSON written once. */
export interface PreparedAppend extends Omit<Append, 'events' | 'state'> {
  /** JSON */
  readonly state: string;
  readonly events: readonly PreparedEvent[];
  readonly bytes: number;
}

/** Refuses here what a database would refuse, so that every adapter says the same. */
export function prepareAppend(append: Append): PreparedAppend {
  const { org, stream, expected, command, fingerprint, schema, meta, at } = append;
  names({ org, stream, fingerprint, account: meta.account, requestId: meta.requestId });
  if (!isUuid(command)) throw invalid('command', 'must be a UUID in lower case');
  if (!isCount(expected)) throw invalid('expected', 'must be the version of a stream, 0 or more');
  if (!isCount(schema)) throw invalid('schema', 'must be 0 or more');
  if (!isInstant(at)) throw invalid('at', 'must be an ISO time in UTC with milliseconds');
  const events = append.events.map(prepareEvent);
  if (events.length === 0) throw invalid('events', 'must not be empty');
  if (events.length > limits.events) throw tooLarge('events', `at most ${limits.events} at a time`);
  const state = json('state', append.state);
  const bytes = events.reduce((sum, { data }) => sum + Buffer.byteLength(data), Buffer.byteLength(state));
  if (bytes > limits.append) throw tooLarge('events', `at most ${limits.append} bytes at a time`);
  return { org, stream, expected, command, fingerprint, schema, meta, at, state, events, bytes };
}

function prepareEvent({ type, typeVersion, data }: NewEvent): PreparedEvent {
  if (!/^[A-Z][A-Za-z0-9]{0,99}$/.test(type))
    throw invalid('type', 'must be the name of an event, in CamelCase');
  if (!isCount(typeVersion) || typeVersion < 1 || typeVersion > 32_767)
    throw invalid('typeVersion', 'must be 1 or more');
  return { id: randomUUID(), type, typeVersion, data: json('data', data) };
}

function names(named: Readonly<Record<string, string>>): void {
  for (const [field, text] of Object.entries(named)) {
    // Printable ASCII: these are ids and names that programs make, and a text column keeps every one of them.
    if (!/^[\x20-\x7e]+$/.test(text)) throw invalid(field, 'must be printable ASCII and not empty');
    if (text.length > limits.name) throw invalid(field, `must have at most ${limits.name} characters`);
  }
}

/** Postgres keeps neither NUL nor half a surrogate pair in JSON; JSON.stringify writes both as escapes. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;

function json(field: string, value: object): string {
  const text = JSON.stringify(value);
  if (!text?.startsWith('{')) throw invalid(field, 'must be an object');
  if (Buffer.byteLength(text) > limits.json) throw tooLarge(field, `at most ${limits.json} bytes of JSON`);
  if (text.includes('\\u') && UNSTORABLE.test(text))
    throw invalid(field, 'must not contain NUL or half a surrogate pair');
  return text;
}

const isCount = (value: number) => Number.isInteger(value) && value >= 0 && value <= 2_147_483_647;

function isInstant(at: string): boolean {
  const time = new Date(at);
  return !Number.isNaN(time.getTime()) && time.toISOString() === at;
}

const invalid = (field: string, rule: string) =>
  new DomainError('INVALID_INPUT', `${field} of an append ${rule}.`, [{ field, rule }]);

const tooLarge = (field: string, rule: string) =>
  new DomainError('TOO_LARGE', `${field} of an append is too large: ${rule}.`, [{ field, rule }]);
