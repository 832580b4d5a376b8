import { delivery, event, ORG_A } from '../../test/events/builders.js';
import type { DamagedDelivery, PlacedDelivery } from '../events/delivery.js';
import { toWire } from '../events/wire.js';
import type { Heard } from './inbox-store.js';
import { sort, type Check } from './sort.js';

const e = (stream: string, version: number) => delivery(ORG_A, stream, version);
const damaged = (stream: string, version: number): DamagedDelivery => ({
  kind: 'damaged',
  place: { org: ORG_A, stream, version },
  reason: 'damaged',
  wire: toWire(event(ORG_A, stream, version)),
});
const all: Check = () => undefined;

function sorted(batch: PlacedDelivery[], heard: Record<string, Heard> = {}, check = all) {
  const { fresh, parked, advances, repeats, closed } = sort(batch, new Map(Object.entries(heard)), check);
  return {
    fresh: fresh.map(({ stream, version }) => `${stream}${version}`),
    parked: parked.map(({ stream, version, reason }) => `${stream}${version}: ${reason}`),
    advances,
    repeats,
    closed,
  };
}

describe('sorting a batch', () => {
  it('takes what follows, of each stream in its order', () => {
    const { fresh, advances } = sorted([e('s', 3), e('t', 1), e('s', 4)], {
      s: { version: 2, parkedFrom: null },
    });
    expect(fresh).toEqual(['s3', 't1', 's4']);
    expect(advances).toEqual([
      { stream: 's', version: 4, parkedFrom: null, known: true },
      { stream: 't', version: 1, parkedFrom: null, known: false },
    ]);
  });

  it('drops repeats, of earlier batches and of this one, and changes nothing by them', () => {
    const before = { s: { version: 2, parkedFrom: null } };
    expect(sorted([e('s', 1), e('s', 2)], before)).toEqual({
      fresh: [],
      parked: [],
      advances: [],
      repeats: 2,
      closed: [],
    });
    expect(sorted([e('s', 3), e('s', 3)], before)).toMatchObject({ fresh: ['s3'], repeats: 1 });
  });

  it('parks what does not follow, and all behind it, in its stream only', () => {
    const result = sorted([e('s', 1), e('s', 3), e('s', 4), e('t', 1)]);
    expect(result.fresh).toEqual(['s1', 't1']);
    expect(result.parked).toEqual(['s3: a gap: version 2 has not come', 's4: behind version 3']);
    expect(result.advances).toContainEqual({ stream: 's', version: 1, parkedFrom: 3, known: false });
  });

  it('parks what nobody can read', () => {
    const result = sorted([damaged('s', 1), e('s', 2)]);
    expect(result.parked).toEqual(['s1: damaged', 's2: behind version 1']);
    expect(result.advances).toEqual([{ stream: 's', version: 0, parkedFrom: 1, known: false }]);
  });

  it('keeps a second message that claims a parked version: it may be the right one', () => {
    expect(sorted([damaged('s', 1), e('s', 1)]).parked).toEqual(['s1: damaged', 's1: behind version 1']);
  });

  it('parks what the check refuses, with its reason', () => {
    const check: Check = ({ version }) => (version === 2 ? 'unknown' : undefined);
    expect(sorted([e('s', 1), e('s', 2), e('s', 3)], {}, check)).toMatchObject({
      fresh: ['s1'],
      parked: ['s2: unknown', 's3: behind version 2'],
    });
  });

  it('goes on below what is parked and says when the gap is closed', () => {
    const before = { s: { version: 2, parkedFrom: 5 } };
    expect(sorted([e('s', 3)], before)).toMatchObject({ fresh: ['s3'], closed: [] });
    expect(sorted([e('s', 3), e('s', 4)], before)).toMatchObject({ fresh: ['s3', 's4'], closed: ['s'] });
    expect(sorted([e('s', 3), e('s', 4), e('s', 5)], before).parked).toEqual(['s5: behind version 5']);
  });

  it('does not call a stream closed that has just been parked', () => {
    expect(sorted([e('s', 1), damaged('s', 2)]).closed).toEqual([]);
  });

  it('parks the lowest of several that do not follow', () => {
    const { advances } = sorted([e('s', 7), e('s', 5)], { s: { version: 2, parkedFrom: null } });
    expect(advances).toEqual([{ stream: 's', version: 2, parkedFrom: 5, known: true }]);
  });
});
