import { randomBytes } from 'node:crypto';
import { keyRing, newKeyRing } from './key-ring.js';

const ring = (fields: object) => keyRing(JSON.stringify(fields));
const key = randomBytes(32).toString('base64');

describe('the key ring', () => {
  it('gives each purpose a key of its own, the same one each time', () => {
    const text = newKeyRing(randomBytes(32));
    expect(keyRing(text).derive('a')).toEqual(keyRing(text).derive('a'));
    expect(keyRing(text).derive('a')).not.toEqual(keyRing(text).derive('b'));
    expect(keyRing(text).derive('a')).toHaveLength(32);
  });

  it('keeps older versions beside the current one', () => {
    const older = ring({ current: '1', keys: { 1: key } });
    const newer = ring({ current: '2', keys: { 1: key, 2: randomBytes(32).toString('base64') } });
    expect(newer.derive('a', '1')).toEqual(older.derive('a'));
    expect(newer.derive('a')).not.toEqual(older.derive('a'));
    expect(() => older.derive('a', '2')).toThrow('no version 2');
  });

  it.each([
    {},
    { current: '1' },
    { current: '2', keys: { 1: key } },
    { current: '1', keys: { 1: 'c2hvcnQ=' } },
  ])('refuses %p', (fields) => expect(() => ring(fields)).toThrow('TIDEMARK_KEYS_URL'));

  it('refuses what is not JSON without quoting it', () => {
    expect(() => keyRing('not-a-ring')).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('not-a-ring') }),
    );
  });
});
