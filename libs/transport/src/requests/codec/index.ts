export { decode } from './decode.js';
export { encode } from './encode.js';
export { WIRE_TYPE, WireFormatError } from './wire-format.js';
