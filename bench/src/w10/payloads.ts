/** What an event says; every side stores these same bytes. */
export interface Payload {
  readonly branch: string;
  readonly from: string;
  readonly to: string;
  readonly changed: readonly string[];
}

/** pgbench takes at most 128 scripts, and each payload is one there. */
export const PAYLOADS = 96;

const [MEDIAN_BYTES, SIGMA, LEAST_BYTES, MOST_BYTES] = [400, 0.6, 250, 2_000];
const BYTES_PER_ID = 39;

/** The same payloads for the same seed, with sizes of a log-normal distribution, like the events of a push. */
export function makePayloads(seed: number): readonly Payload[] {
  const random = randomFrom(seed);
  return Array.from({ length: PAYLOADS }, () => payload(random));
}

function payload(random: () => number): Payload {
  const hex = (digits: number) =>
    Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
  const bare = { branch: `br_${hex(32)}`, from: hex(64), to: hex(64) };
  const wanted = Math.min(MOST_BYTES, Math.max(LEAST_BYTES, MEDIAN_BYTES * Math.exp(SIGMA * normal(random))));
  const ids = Math.max(
    1,
    Math.round((wanted - JSON.stringify({ ...bare, changed: [] }).length) / BYTES_PER_ID),
  );
  return { ...bare, changed: Array.from({ length: ids }, () => `req_${hex(32)}`) };
}

const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** mulberry32: small, and the same everywhere. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
