/** The content type of bodies between services. */
export const WIRE_TYPE = 'application/msgpack';

/** No message of ours comes near it; whatever does is a mistake, or contains itself. */
export const DEEPEST = 64;

/** The value or the bytes are not what may travel between services. The text names the place, never the content. */
export class WireFormatError extends Error {
  override readonly name = 'WireFormatError';
}
