import { makePayloads, PAYLOADS } from './payloads.js';

const sizes = makePayloads(10).map((payload) => JSON.stringify(payload).length);

describe('the payloads', () => {
  it('are the same for the same seed and others for another', () => {
    expect(makePayloads(10)).toEqual(makePayloads(10));
    expect(makePayloads(11)).not.toEqual(makePayloads(10));
  });

  it('are all different', () => expect(new Set(makePayloads(10).map(({ to }) => to)).size).toBe(PAYLOADS));

  it('have sizes around 400 bytes, with a tail to the right and within bounds', () => {
    const sorted = [...sizes].sort((a, b) => a - b);
    expect(sorted[PAYLOADS / 2]).toBeGreaterThan(300);
    expect(sorted[PAYLOADS / 2]).toBeLessThan(500);
    expect(sorted.at(-1)).toBeGreaterThan(800);
    expect(sorted.at(-1)).toBeLessThan(2_050);
    expect(sorted[0]).toBeGreaterThan(230);
  });
});
