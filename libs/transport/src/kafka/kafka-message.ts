import { createHash } from 'node:crypto';
import type { IHeaders, KafkaMessage } from 'kafkajs';
import type { Delivery, WireMessage } from '../events/delivery.js';
import { fromWire, toWire } from '../events/wire.js';
import type { LogEvent } from '@tidemark/contracts';

/** The key decides the partition: one stream, one partition, one order. */
export const toMessage = (event: LogEvent) => {
  const { headers, value } = toWire(event);
  return { key: event.stream, headers: { ...headers }, value };
};

export function toDelivery(message: KafkaMessage, partition: number, largest?: number): Delivery {
  const wire = wireOf(message);
  const read = fromWire(wire, largest);
  const reason = read.kind === 'unreadable' ? read.reason : foreignKey(message, wire);
  if (reason === undefined && read.kind !== 'unreadable') return read;
  const sha256 = createHash('sha256').update(wire.value).digest('hex');
  return { kind: 'unreadable', partition, offset: message.offset, sha256, reason: reason ?? 'unreadable' };
}

/** In another partition than its stream's nothing could be said about its order. */
const foreignKey = ({ key }: KafkaMessage, { headers }: WireMessage): string | undefined =>
  key?.toString() === headers['stream'] ? undefined : 'its key is not its stream';

const wireOf = (message: KafkaMessage): WireMessage => ({
  headers: headersOf(message.headers ?? {}),
  value: message.value ?? Buffer.alloc(0),
});

/** A header that came twice says nothing. */
function headersOf(headers: IHeaders): Record<string, string> {
  const single = Object.entries(headers).filter(([, value]) => value !== undefined && !Array.isArray(value));
  return Object.fromEntries(single.map(([name, value]) => [name, String(value)]));
}
