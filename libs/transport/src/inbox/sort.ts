import type { LogEvent } from '@tidemark/contracts';
import { placeOf, type PlacedDelivery } from '../events/delivery.js';
import { toWire } from '../events/wire.js';
import type { Advance, Heard, Parked } from './inbox-store.js';

/** What a batch comes down to for one organization, given how far each stream was heard. */
export interface Sorted {
  /** New, readable and next in their streams. */
  readonly fresh: readonly LogEvent[];
  readonly parked: readonly Parked[];
  readonly advances: readonly Advance[];
  readonly repeats: number;
  /** Parked streams whose gap is closed now: what waits behind it can be heard. */
  readonly closed: readonly string[];
}

/** Says why an event cannot be heard here, or nothing. */
export type Check = (event: LogEvent) => string | undefined;

interface State {
  readonly known: boolean;
  version: number;
  parkedFrom: number | null;
  changed: boolean;
  /** It went on below what is parked. */
  filled: boolean;
}

/**
 * A repeat is dropped. What cannot be heard is parked: a message that nobody can read, one that does not follow the
 * last version (a gap), and all that come behind such a one in its stream. Other streams do not notice.
 */
export function sort(
  batch: readonly PlacedDelivery[],
  heard: ReadonlyMap<string, Heard>,
  check: Check,
): Sorted {
  const states = new Map<string, State>();
  const fresh: LogEvent[] = [];
  const parked: Parked[] = [];
  let repeats = 0;
  for (const delivery of batch) {
    const { stream, version } = placeOf(delivery);
    const state = stateOf(states, heard, stream);
    if (version <= state.version) {
      repeats += 1;
      continue;
    }
    const reason = whyNot(delivery, state, check);
    state.changed = true;
    if (reason === undefined) {
      fresh.push((delivery as { event: LogEvent }).event);
      state.version = version;
      state.filled = state.parkedFrom !== null;
    } else {
      parked.push({ stream, version, wire: wireOf(delivery), reason });
      state.parkedFrom = Math.min(state.parkedFrom ?? version, version);
    }
  }
  return { fresh, parked, repeats, ...outcome(states) };
}

function whyNot(delivery: PlacedDelivery, state: State, check: Check): string | undefined {
  const { version } = placeOf(delivery);
  if (state.parkedFrom !== null && version >= state.parkedFrom) return `behind version ${state.parkedFrom}`;
  if (delivery.kind === 'damaged') return delivery.reason;
  if (version > state.version + 1) return `a gap: version ${state.version + 1} has not come`;
  return check(delivery.event);
}

function stateOf(states: Map<string, State>, heard: ReadonlyMap<string, Heard>, stream: string): State {
  let state = states.get(stream);
  if (!state) {
    const before = heard.get(stream);
    state = {
      version: 0,
      parkedFrom: null,
      ...before,
      known: before !== undefined,
      changed: false,
      filled: false,
    };
    states.set(stream, state);
  }
  return state;
}

function outcome(states: ReadonlyMap<string, State>): Pick<Sorted, 'advances' | 'closed'> {
  const changed = [...states].filter(([, state]) => state.changed);
  // Sorted, so that two consumers that overlap for a moment take the rows in one order.
  const advances = changed
    .map(([stream, { version, parkedFrom, known }]) => ({ stream, version, parkedFrom, known }))
    .sort((a, b) => (a.stream < b.stream ? -1 : 1));
  return { advances, closed: closedOf(states) };
}

const closedOf = (states: ReadonlyMap<string, State>): string[] =>
  [...states]
    .filter(([, { version, parkedFrom, filled }]) => filled && parkedFrom === version + 1)
    .map(([stream]) => stream);

const wireOf = (delivery: PlacedDelivery) =>
  delivery.kind === 'event' ? toWire(delivery.event) : delivery.wire;
