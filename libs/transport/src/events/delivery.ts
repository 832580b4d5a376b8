import type { LogEvent } from '@tidemark/contracts';

/** A message as it travels and as it is kept when it cannot be heard yet. */
export interface WireMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Buffer;
}

/** Which event of which stream a message is. */
export interface Place {
  readonly org: string;
  readonly stream: string;
  readonly version: number;
}

/** An event, ready to be heard. */
export interface EventDelivery {
  readonly kind: 'event';
  readonly event: LogEvent;
}

/** The place is known, the event is not to be read: it is parked, and its stream waits behind it. */
export interface DamagedDelivery {
  readonly kind: 'damaged';
  readonly place: Place;
  readonly reason: string;
  readonly wire: WireMessage;
}

/** Not even the place is known. Where it lies is written down; the message itself is not. */
export interface UnreadableDelivery {
  readonly kind: 'unreadable';
  readonly partition: number;
  readonly offset: string;
  readonly sha256: string;
  readonly reason: string;
}

export type Delivery = EventDelivery | DamagedDelivery | UnreadableDelivery;

/** What belongs to an organization. */
export type PlacedDelivery = EventDelivery | DamagedDelivery;

export const placeOf = (delivery: PlacedDelivery): Place =>
  delivery.kind === 'event' ? delivery.event : delivery.place;
