/** Ids and hashes travel as hexadecimal digits and rest as bytes. */
export const bytesOf = (hex: string): Buffer => Buffer.from(hex, 'hex');
