import { benchLine, detailLine, short } from './lines.js';

describe('lines', () => {
  it.each([
    [3.51449, '3.51'],
    [13_412.6, '13413'],
    [0.04567, '0.0457'],
    [0, '0'],
    [99.96, '100'],
    [NaN, 'unknown'],
    ['on', 'on'],
  ])('write %p as %s', (value, text) => expect(short(value)).toBe(text));

  it('have the fields in their order and words at the end', () =>
    expect(benchLine('W10', { ratio: 3.514, peer: 'emmett-postgresql' }, ['noisy'])).toBe(
      'BENCH W10 ratio=3.51 peer=emmett-postgresql noisy',
    ));

  it('are indented when they are details', () =>
    expect(detailLine('1x32 pgbench', { p99_ms: 2 })).toBe('  1x32 pgbench p99_ms=2'));
});
