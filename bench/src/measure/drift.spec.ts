import { driftOf, hasDrifted } from './drift.js';

const start = { fsyncs: 1_000, pings: 20_000, sha256Megabytes: 400 };

describe('drift', () => {
  it('is that of the probe that changed most, in either direction', () => {
    expect(driftOf(start, { ...start, pings: 19_000, fsyncs: 800 })).toEqual({ probe: 'fsyncs', share: 0.2 });
    expect(driftOf(start, { ...start, sha256Megabytes: 500 })).toEqual({
      probe: 'sha256Megabytes',
      share: 0.2,
    });
  });

  it.each([
    [1_000, false],
    [850, false],
    [849, true],
    [1_200, true],
  ])('from 1000 to %d repeats the run: %p', (fsyncs, repeats) =>
    expect(hasDrifted(driftOf(start, { ...start, fsyncs }))).toBe(repeats),
  );
});
