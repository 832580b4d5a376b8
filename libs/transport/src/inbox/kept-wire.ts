import type { WireMessage } from '../events/delivery.js';

/** A parked message as bytes: whatever was in it, NUL characters and broken UTF-8 included, comes back as it was. */
export const toKept = ({ headers, value }: WireMessage): Buffer =>
  Buffer.from(JSON.stringify({ headers, value: value.toString('base64') }));

export function fromKept(bytes: Buffer): WireMessage {
  const { headers, value } = JSON.parse(bytes.toString()) as {
    headers: Record<string, string>;
    value: string;
  };
  return { headers, value: Buffer.from(value, 'base64') };
}
