import { gzipSync } from 'node:zlib';
import { Search } from './search.mjs';

const canary = { value: 'Ünder the hättäck "quoted" + /slash/ 0123456789' };
const other = { value: 'sess_nobody-ever-had-this-one' };
const search = new Search([canary, other]);
const around = (bytes: Buffer | string) =>
  Buffer.concat([Buffer.from('xy'), Buffer.from(bytes), Buffer.from('z')]);
const text = Buffer.from(canary.value);

describe('a planted text is found', () => {
  it.each<[string, Buffer | string]>([
    ['as it is', canary.value],
    ['percent-encoded', encodeURIComponent(canary.value)],
    ['in JSON', JSON.stringify({ a: canary.value })],
    ['in hexadecimal digits', text.toString('hex')],
    ['in capital hexadecimal digits', text.toString('hex').toUpperCase()],
    ['in base64', text.toString('base64')],
    ['in base64url', text.toString('base64url')],
    [
      'in base64 with one byte before',
      Buffer.concat([Buffer.from('a'), text, Buffer.from('b')]).toString('base64'),
    ],
    ['in base64url with two bytes before', Buffer.concat([Buffer.from('ab'), text]).toString('base64url')],
    ['in gzip', gzipSync(`before ${canary.value} after`)],
    ['in hexadecimal digits in gzip', gzipSync(text.toString('hex'))],
    ['in gzip that is cut off', gzipSync(canary.value).subarray(0, -4)],
  ])('%s', (_, bytes) => {
    expect([...search.in(around(bytes))]).toEqual([canary]);
  });

  it('and nothing is found where nothing is', () => {
    const almost = Buffer.concat([text.subarray(0, -1), Buffer.from('x')]);
    for (const bytes of [almost, gzipSync(almost), Buffer.from(almost.toString('hex')), Buffer.alloc(9, 31)])
      expect([...search.in(around(bytes))]).toEqual([]);
  });

  it('at the very end and at the very beginning', () => {
    expect(search.in(text).size).toBe(1);
    expect(search.in(Buffer.concat([Buffer.alloc(5), text])).size).toBe(1);
    expect(search.in(Buffer.alloc(0)).size).toBe(0);
  });
});
