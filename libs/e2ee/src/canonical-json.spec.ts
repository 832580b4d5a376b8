import { canonicalJson } from './canonical-json.js';

describe('canonical JSON', () => {
  it.each<[unknown, string]>([
    [{ b: 1, a: [2, { d: null, c: true }] }, '{"a":[2,{"c":true,"d":null}],"b":1}'],
    [{ 9: 'nine', 10: 'ten' }, '{"10":"ten","9":"nine"}'],
    [{ z: 1, ä: 2, Z: 3, '￿': 4, '🌊': 5 }, '{"Z":3,"z":1,"ä":2,"🌊":5,"￿":4}'],
    [{ a: undefined, b: () => 1, c: Symbol('x'), d: 4 }, '{"d":4}'],
    [[1, undefined, () => 1, 2], '[1,2]'],
    [{ a: 'é"\n\u2028\ud800' }, '{"a":"é\\"\\n\u2028\\ud800"}'],
    [{ a: NaN, b: -0, c: 1e21, d: new Date(0) }, '{"a":null,"b":0,"c":1e+21,"d":"1970-01-01T00:00:00.000Z"}'],
    [{}, '{}'],
    [[], '[]'],
    ['text', '"text"'],
  ])('of %p', (value, expected) => {
    expect(canonicalJson(value)).toBe(expected);
  });
});
