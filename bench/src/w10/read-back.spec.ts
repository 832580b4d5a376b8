import { payloadIndex } from './cell.js';
import { makePayloads } from './payloads.js';
import { faultsOf } from './read-back.js';
import type { ReadBack } from './side.js';

const payloads = makePayloads(1);
const event = (position: number, stream: string, version: number): ReadBack => ({
  position,
  stream,
  version,
  // Not structuredClone, which makes objects of another realm in a test.
  data: JSON.parse(JSON.stringify(payloads[payloadIndex(stream, version, payloads.length)]!)) as object,
});
const versions = { a: 2, b: 1 };
const good = [event(1, 'a', 1), event(2, 'b', 1), event(3, 'a', 2)];
const faults = (read: readonly ReadBack[], dense = true) => faultsOf(read, { versions, payloads, dense });

describe('reading back', () => {
  it('finds nothing wrong with what was acknowledged', () => expect(faults(good)).toEqual([]));

  it('lets positions have gaps only where no side promised otherwise', () => {
    const gap = [event(1, 'a', 1), event(2, 'b', 1), event(9, 'a', 2)];
    expect(faults(gap)).toEqual(['position 9 follows 2']);
    expect(faults(gap, false)).toEqual([]);
  });

  it.each([
    ['a lost event at the end', [good[0]!, good[1]!], /a ends at 1 instead of 2/],
    ['a lost stream', [event(1, 'a', 1), event(2, 'a', 2)], /b ends at 0 instead of 1/],
    ['a lost event in the middle', [event(1, 'b', 1), event(2, 'a', 2)], /version 2 of a follows 0/],
    ['an event twice', [...good, event(4, 'a', 2)], /version 2 of a follows 2/],
    [
      'two in the wrong order',
      [event(1, 'a', 2), event(2, 'a', 1), event(3, 'b', 1)],
      /version 2 of a follows 0/,
    ],
    ['a position twice', [good[0]!, event(1, 'b', 1), event(2, 'a', 2)], /position 1 is there twice/],
    ['a stream that nobody wrote', [...good, event(4, 'c', 1)], /nobody wrote c/],
    [
      'another content',
      [good[0]!, { ...good[1]!, data: { ...good[1]!.data, to: 'x' } }, good[2]!],
      /another content/,
    ],
  ])('finds %s', (_, read, fault) => expect(faults(read).join('\n')).toMatch(fault));

  it('finds a position that is there twice without the promise of density', () =>
    expect(faults([event(2, 'a', 1), event(2, 'b', 1), event(3, 'a', 2)], false)).toEqual([
      'position 2 is there twice',
    ]));
});
