import { describe, expect, it } from '@jest/globals';
import { quoted } from './quote.js';

describe('quoted input', () => {
  it.each([
    ['plain', '"plain"'],
    ['a"b\\c', String.raw`"a\u{22}b\u{5c}c"`],
    ['<b>', String.raw`"\u{3c}b\u{3e}"`],
    ['\u0000\u001b[2J\n', String.raw`"\u{0}\u{1b}[2J\u{a}"`],
    ['💥', String.raw`"\u{1f4a5}"`],
  ])('%j is shown as %s', (input, shown) => {
    expect(quoted(input)).toBe(shown);
  });

  it.each(['x'.repeat(81), '\n'.repeat(50), '💥'.repeat(1_000)])(
    'is never longer than 80 signs and says that it was cut',
    (input) => {
      expect(quoted(input)).toHaveLength(83);
      expect(quoted(input)).toMatch(/…"$/);
    },
  );
});
