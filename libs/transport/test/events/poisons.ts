import type { LogEvent } from '@tidemark/contracts';
import { toMessage } from '../../src/kafka/kafka-message.js';
import { ORG_A, ORG_B } from './builders.js';

/** As it is handed to a producer. */
export interface RawMessage {
  readonly key: string;
  readonly headers: Record<string, string>;
  readonly value: Buffer | null;
}

export interface Poison {
  readonly name: string;
  /** Does its place survive? Then it is parked there; otherwise it is written down as unreadable. */
  readonly placed: boolean;
  of(event: LogEvent): RawMessage;
}

export const HUGE = 64 * 1024;

const headers = (changed: Record<string, string | undefined>) => (event: LogEvent) => {
  const message = toMessage(event);
  const all = Object.entries({ ...message.headers, ...changed });
  return {
    ...message,
    headers: Object.fromEntries(all.filter((one): one is [string, string] => one[1] !== undefined)),
  };
};

const value = (text: Buffer | string | null) => (event: LogEvent) => ({
  ...toMessage(event),
  value: typeof text === 'string' ? Buffer.from(text) : text,
});

/** Every way in which a message can be wrong before a handler sees it. */
export const poisons: readonly Poison[] = [
  { name: 'bad JSON', placed: true, of: value('{"org":"or') },
  { name: 'bytes that are not UTF-8', placed: true, of: value(Buffer.from([0xc3, 0x28, 0x00])) },
  { name: 'an empty value', placed: true, of: value('') },
  { name: 'no value', placed: true, of: value(null) },
  { name: 'JSON of something else', placed: true, of: value('{"hello":"world"}') },
  { name: 'a huge value', placed: true, of: value(Buffer.alloc(HUGE + 1, 0x20)) },
  { name: 'an unknown type', placed: true, of: headers({ type: 'OrganizationTeleported' }) },
  { name: 'an unknown version', placed: true, of: headers({ version: '99' }) },
  { name: 'a missing type', placed: true, of: headers({ type: undefined }) },
  { name: 'a garbage event id', placed: true, of: headers({ 'event-id': '\u0000\u0001' }) },
  { name: 'wrong fields', placed: true, of: (event) => toMessage({ ...event, data: { name: 7 } }) },
  { name: 'no headers', placed: false, of: (event) => ({ ...toMessage(event), headers: {} }) },
  { name: 'a garbage stream version', placed: false, of: headers({ 'stream-version': '-1' }) },
  { name: 'no organization', placed: false, of: headers({ org: undefined }) },
  {
    name: 'the wrong organization',
    placed: false,
    of: (event) => headers({ org: otherThan(event.org) })(event),
  },
  { name: 'a foreign key', placed: false, of: (event) => ({ ...toMessage(event), key: 'elsewhere' }) },
];

const otherThan = (org: string) => (org === ORG_A ? ORG_B : ORG_A);
