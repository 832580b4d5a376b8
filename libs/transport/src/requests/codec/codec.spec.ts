import { describe, expect, it } from '@jest/globals';
import { decode, encode, WireFormatError } from './index.js';

const roundTrip = (value: unknown) => decode(encode(value));
const nested = (levels: number) => {
  let value: unknown = 'end';
  for (let i = 0; i < levels; i++) value = i % 2 ? { in: value } : [value];
  return value;
};
const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

describe('what travels', () => {
  const numbers = [
    ...[0, -0, 1, 127, 128, 255, 256, 65_535, 65_536, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 2 ** 60],
    ...[-1, -32, -33, -128, -129, -(2 ** 31), -(2 ** 31) - 1, -(2 ** 53), 0.1, -1.5e300, 5e-324],
  ];
  it.each(numbers)('the number %p comes back as itself', (value) => {
    expect(Object.is(roundTrip(value), value)).toBe(true);
  });

  it.each([0, 1, 31, 32, 48, 49, 255, 256, 65_535, 65_536, 1_000_000])('text of %i letters', (length) => {
    for (const letter of ['x', 'é', '語', '🌊', 'xé'])
      expect(roundTrip(letter.repeat(length))).toBe(letter.repeat(length));
  });

  it.each([5, 50, 500])('a byte order mark before %i letters is kept', (length) => {
    const text = `\uFEFF${'x'.repeat(length)}`;
    expect(roundTrip({ [text]: text })).toEqual({ [text]: text });
  });

  it.each([0, 1, 255, 256, 65_535, 65_536, 3_000_000])('binary of %i bytes stays binary', (length) => {
    const bytes = Uint8Array.from({ length }, (_, i) => i * 31);
    const back = roundTrip({ pack: bytes }) as { pack: Uint8Array };
    expect(back.pack).toBeInstanceOf(Uint8Array);
    expect(Buffer.compare(back.pack, bytes)).toBe(0);
    expect(Object.getPrototypeOf(roundTrip(Buffer.from(bytes)))).toBe(Uint8Array.prototype);
  });

  it.each([0, 15, 16, 65_535, 65_536])('%i items and %i fields', (count) => {
    const items = Array.from({ length: count }, (_, i) => i);
    expect(roundTrip(items)).toEqual(items);
    const fields = Object.fromEntries(items.map((i) => [`f${i}`, null]));
    expect(roundTrip(fields)).toEqual(fields);
  });

  it('leaves undefined fields out, makes undefined items null, and null of nothing', () => {
    expect(roundTrip({ a: undefined, b: 1 })).toStrictEqual({ b: 1 });
    expect(roundTrip([undefined, 1])).toEqual([null, 1]);
    expect(roundTrip(undefined)).toBeNull();
  });

  it('takes instances of classes as their fields', () => {
    class Dto {
      readonly name = 'a';
      get shout() {
        return 'A';
      }
    }
    expect(roundTrip(new Dto())).toStrictEqual({ name: 'a' });
  });

  it('gives copies: nothing of the sender is reachable', () => {
    const sent = { list: [1], bytes: Uint8Array.of(1) };
    const got = roundTrip(sent) as typeof sent;
    got.list.push(2);
    got.bytes[0] = 9;
    expect(sent).toEqual({ list: [1], bytes: Uint8Array.of(1) });
  });

  it('is MessagePack, as its specification writes it', () => {
    expect(Buffer.from(encode({ compact: true, schema: 0 })).toString('hex')).toBe(
      '82a7636f6d70616374c3a6736368656d6100',
    );
    expect(Buffer.from(encode([-1, 300, 0.5, null, Uint8Array.of(7), 'é'])).toString('hex')).toBe(
      '96ffcd012ccb3fe0000000000000c0c40107a2c3a9',
    );
  });

  it('carries 64 levels, and no more', () => {
    expect(roundTrip(nested(64))).toEqual(nested(64));
    expect(() => encode(nested(65))).toThrow(WireFormatError);
    expect(() => decode(hex(`${'91'.repeat(65)}c0`))).toThrow('nested deeper');
  });
});

describe('what cannot travel is refused by name and place', () => {
  it.each<[string, unknown]>([
    ['a Date', new Date(0)],
    ['a Map', new Map([[1, 2]])],
    ['a Set', new Set([1])],
    ['a RegExp', /x/],
    ['a TypeError', new TypeError('secret')],
    ['a Promise', Promise.resolve(1)],
    ['a Float64Array', new Float64Array(1)],
    ['a ArrayBuffer', new ArrayBuffer(1)],
    ['a bigint', 10n],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['not a finite number', Number.NaN],
    ['not a finite number', -Infinity],
    ['not well-formed Unicode', '\ud800'],
  ])('%s', (name, value) => {
    expect(() => encode({ items: [1, { at: value }] })).toThrow(
      new WireFormatError(`value.items.1.at is ${name}, which cannot travel.`),
    );
  });

  it('a value that contains itself', () => {
    const loop: Record<string, unknown> = {};
    loop['loop'] = loop;
    expect(() => encode(loop)).toThrow('contains itself');
  });

  it('a field named __proto__, which would change what it is read into', () => {
    expect(() => encode(JSON.parse('{"a":{"__proto__":{"admin":true}}}'))).toThrow('value.a has a field');
    expect(() => decode(hex('81 a9 5f5f70726f746f5f5f 80'))).toThrow(WireFormatError);
  });
});

describe('bytes that nobody here wrote', () => {
  it.each([
    ['nothing', ''],
    ['a second value behind the first', 'c0 c0'],
    ['half a number', 'cd 01'],
    ['text longer than the bytes', 'd9 05 61'],
    ['text that is not UTF-8', 'a2 ff fe'],
    ['text cut inside a letter', 'a1 e2'],
    ['an encoded surrogate', 'a3 ed a0 80'],
    ['long text that is not UTF-8', `d9 40 ${'61'.repeat(63)} ff`],
    ['binary longer than the bytes', 'c6 ff ff ff ff 00'],
    ['four thousand million items', 'dd ff ff ff ff'],
    ['four thousand million fields', 'df ff ff ff ff'],
    ['an extension', 'd6 ff 00 00 00 00'],
    ['a number of 64 bits', 'cf 00 00 00 00 00 00 00 01'],
    ['not a number', 'cb 7f f8 00 00 00 00 00 00'],
    ['the unused type', 'c1'],
    ['a field named by a number', '81 01 01'],
    ['a field named by a list', '81 90 01'],
    ['a field given twice', '82 a1 61 01 a1 61 02'],
  ])('%s', (_, bytes) => {
    expect(() => decode(hex(bytes))).toThrow(WireFormatError);
  });

  it('five megabytes of opening brackets cost nothing', () => {
    expect(() => decode(new Uint8Array(5 << 20).fill(0x91))).toThrow('nested deeper');
  });

  it('claims of long lists inside long lists cost nothing', () => {
    const claim = hex('dc ff ff');
    const bytes = new Uint8Array(3 * 24_000).map((_, i) => claim[i % 3]!);
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    expect(() => decode(bytes)).toThrow(WireFormatError);
    expect(process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed - before).toBeLessThan(
      64 << 20,
    );
  });

  it('any bytes are a value or a WireFormatError; a cut value is never a value', () => {
    let state = 42;
    const random = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 24;
    for (let i = 0; i < 20_000; i++) {
      const bytes = Uint8Array.from({ length: 1 + (i % 40) }, random);
      try {
        decode(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(WireFormatError);
      }
    }
    const whole = encode({
      org: 'org_1',
      items: [1, 300, 'långt', new Uint8Array(300), null, 0.5, { a: [true] }],
    });
    for (let end = 0; end < whole.length; end++)
      expect(() => decode(whole.subarray(0, end))).toThrow(WireFormatError);
  });
});
