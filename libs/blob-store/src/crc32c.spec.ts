import { crc32c } from './crc32c.js';

describe('CRC-32C', () => {
  it.each([
    ['', 0x00000000],
    ['123456789', 0xe3069283],
    ['a', 0xc1d04330],
  ])('of %p is what its definition says', (text, sum) => expect(crc32c(Buffer.from(text))).toBe(sum));

  it('of 32 bytes of zeros and of ones, as RFC 3720 gives them', () => {
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  });
});
