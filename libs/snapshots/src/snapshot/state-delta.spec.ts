import fc from 'fast-check';
import { applied, deltaOf, freshBlobs } from './state-delta.js';
import { restored, SPACING, stored } from './stored-state.js';
import type { Entry, State } from './state.js';

const hex = (n: number) => n.toString(16).padStart(40, '0');

/** Few keys, blobs and names, so that repetitions, moves and near misses are common. */
const entry: fc.Arbitrary<Entry> = fc.record({
  key: fc.oneof(fc.constantFrom('a', 'b', 'req_1', 'a1', ''), fc.string({ unit: 'grapheme' })),
  blob: fc.nat(5).map(hex),
  name: fc.oneof(fc.constantFrom('', 'a', '1a', '\0', 'Ü'), fc.string({ unit: 'grapheme' })),
});
const states = fc.array(entry, { maxLength: 30 });

/** A later version of a state: pieces of it, in any order and any number, with something new between. */
const related = states.chain((base) =>
  fc
    .array(
      fc.oneof(
        fc.tuple(fc.nat(30), fc.nat(30)).map(([from, count]) => base.slice(from, from + count)),
        fc.array(entry, { maxLength: 3 }),
      ),
      { maxLength: 8 },
    )
    .map((pieces) => ({ base, state: pieces.flat() })),
);

describe('a state in terms of another', () => {
  it('comes back exactly: order, repetitions, names', () => {
    fc.assert(
      fc.property(related, ({ base, state }) => {
        expect(applied(base, deltaOf(base, state))).toEqual(state);
      }),
      { numRuns: 500 },
    );
  });

  it('comes back exactly from nothing, and from what has nothing to do with it', () => {
    fc.assert(
      fc.property(states, states, (base, state) => {
        expect(applied([], deltaOf([], state))).toEqual(state);
        expect(applied(base, deltaOf(base, state))).toEqual(state);
      }),
    );
  });

  it('comes back exactly through a whole chain as it is kept', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(states, { minLength: 1, maxLength: 6 }), async (chain) => {
        let [base, read]: [{ state: State; depth: number } | undefined, State] = [undefined, []];
        for (const state of chain) {
          const kept = await stored(state, base);
          read = await restored(kept.body, kept.isFrame ? [] : read);
          expect(read).toEqual(state);
          base = { state, depth: kept.depth };
        }
      }),
    );
  });

  it('is small when little has changed, wherever that is', () => {
    const base = Array.from({ length: 1_000 }, (_, i) => ({
      key: `req_${hex(i)}`,
      blob: hex(i),
      name: `Request ${i}`,
    }));
    const edited = base.map((one, i) => (i === 500 ? { ...one, blob: hex(5_000) } : one));
    expect(deltaOf(base, base).length).toBeLessThan(5);
    expect(deltaOf(base, edited).length).toBeLessThan(100);
    expect(deltaOf(base, base.toSpliced(300, 1)).length).toBeLessThan(12);
    expect(deltaOf(base, [...base.slice(500), ...base.slice(0, 500)]).length).toBeLessThan(12);
    expect(deltaOf([], base).length).toBeGreaterThan(60_000);
  });

  it('names the blobs that are new, each once', () => {
    const [a, b, c] = [1, 2, 3].map((n) => ({ key: 'k', blob: hex(n), name: '' }));
    expect(freshBlobs([a!, b!], [c!, b!, c!])).toEqual([c!.blob]);
  });
});

describe('a state as it is kept', () => {
  const many = Array.from({ length: 50 }, (_, i) => ({ key: `k${i}`, blob: hex(i), name: '' }));

  it('is written out once in so many, and where the difference is no smaller', async () => {
    let base: { state: State; depth: number } | undefined;
    const frames: number[] = [];
    for (let i = 0; i < 2 * SPACING + 1; i++) {
      const state = many.with(i % 50, { key: 'k', blob: hex(1_000 + i), name: '' });
      const kept = await stored(state, base);
      if (kept.isFrame) frames.push(i);
      base = { state, depth: kept.depth };
    }
    expect(frames).toEqual([0, SPACING, 2 * SPACING]);
    const other = many.map(({ blob }) => ({ key: 'other', blob, name: 'x' }));
    expect((await stored(other, { state: many, depth: 3 })).isFrame).toBe(true);
  });

  it('is INTEGRITY when a byte of it is of no meaning', async () => {
    for (const body of [
      Buffer.of(),
      Buffer.of(2, 1),
      Buffer.of(1, 255, 255),
      Buffer.of(0, 2, 0),
      Buffer.of(0, 255),
    ])
      await expect(restored(body, [])).rejects.toMatchObject({ code: 'INTEGRITY' });
  });
});
