import { randomBytes } from 'node:crypto';
import { opened, OVERHEAD, sealed } from './envelope.js';

const key = { version: 3, key: randomBytes(32) };
const slot = ['blob', 'org_1', 'inc_1', 'id'];
const damaged = expect.objectContaining({ code: 'INTEGRITY' });

describe('the second envelope', () => {
  it.each([0, 1, 28, 5_000])('gives %i bytes back', (length) => {
    const plain = randomBytes(length);
    const record = sealed(key, slot, plain);
    expect(record.length).toBe(OVERHEAD + length);
    expect(opened(key, slot, record).equals(plain)).toBe(true);
  });

  it('opens in no other slot, also where the parts put together read the same', () => {
    const record = sealed(key, slot, Buffer.from('x'));
    for (const other of [
      ['blob', 'org_2', 'inc_1', 'id'],
      ['blob', 'org_1', 'inc_2', 'id'],
      ['blob', 'org_1', 'inc_1', 'ie'],
      ['data key', 'org_1', 'inc_1', 'id'],
      ['blob', 'org_1', 'inc_1i', 'd'],
      ['blob', 'org_1inc_1', 'id'],
    ])
      expect(() => opened(key, other, record)).toThrow(damaged);
  });

  it('opens under no other key, and under no other version of it', () => {
    const record = sealed(key, slot, Buffer.from('x'));
    expect(() => opened({ ...key, key: randomBytes(32) }, slot, record)).toThrow(damaged);
    expect(() => opened({ ...key, version: 4 }, slot, record)).toThrow(damaged);
    const renamed = Buffer.from(record);
    renamed.writeUInt32BE(4, 1);
    expect(() => opened({ ...key, version: 4 }, slot, renamed)).toThrow(damaged);
  });

  it('opens with no bit changed and no byte missing or added', () => {
    const record = sealed(key, slot, Buffer.from('hello'));
    for (let bit = 0; bit < record.length * 8; bit++) {
      const changed = Buffer.from(record);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => opened(key, slot, changed)).toThrow(damaged);
    }
    for (let length = 0; length < record.length; length++)
      expect(() => opened(key, slot, record.subarray(0, length))).toThrow(damaged);
    expect(() => opened(key, slot, Buffer.concat([record, Buffer.of(0)]))).toThrow(damaged);
  });

  it('never takes a nonce twice', () => {
    const nonces = new Set<string>();
    for (let i = 0; i < 5_000; i++)
      nonces.add(sealed(key, slot, Buffer.of()).subarray(5, 17).toString('hex'));
    expect(nonces.size).toBe(5_000);
  });
});
