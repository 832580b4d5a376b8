import type { Document, StateEntry } from './types.js';

export type State = ReadonlyMap<string, StateEntry>;

export const stateOf = (entries: readonly StateEntry[]): State =>
  new Map(entries.map((entry) => [entry.key, entry]));

/** One document that both sides changed, each in its own way. `undefined`: that side deleted it. */
export interface Clash {
  readonly key: string;
  readonly base: StateEntry | undefined;
  readonly mine: StateEntry | undefined;
  readonly theirs: StateEntry | undefined;
}

export interface Merged {
  readonly state: State;
  /** They are not in `state`. */
  readonly clashes: readonly Clash[];
}

/** Three-way, document by document: what only one side changed is taken, what both changed alike is taken once. */
export function mergeStates(base: State, mine: State, theirs: State): Merged {
  const state = new Map<string, StateEntry>();
  const clashes: Clash[] = [];
  for (const key of new Set([...theirs.keys(), ...mine.keys()])) {
    const sides = { key, base: base.get(key), mine: mine.get(key), theirs: theirs.get(key) };
    const taken = takeOne(sides);
    if (taken === 'clash') clashes.push(sides);
    else if (taken !== undefined) state.set(key, taken);
  }
  return { state, clashes };
}

function takeOne({ base, mine, theirs }: Clash): StateEntry | undefined | 'clash' {
  if (mine?.blob === theirs?.blob) return theirs;
  if (mine?.blob === base?.blob) return theirs;
  if (theirs?.blob === base?.blob) return mine;
  return 'clash';
}

/** Documents that differ between two states. */
export function changedKeys(one: State, other: State): string[] {
  const keys = new Set([...one.keys(), ...other.keys()]);
  return [...keys].filter((key) => one.get(key)?.blob !== other.get(key)?.blob);
}

export type Take = 'mine' | 'theirs' | 'both';

/** What a person is asked. Nothing is chosen for them. */
export interface Conflict {
  readonly key: string;
  readonly name: string;
  readonly kind: 'changed on both sides' | 'deleted here' | 'deleted there' | 'made on both sides';
  readonly mine: Document | null;
  readonly theirs: Document | null;
  readonly choices: readonly Take[];
  /** Versions that were shown: an answer counts for these and no others. */
  readonly shown: { readonly mine: string | null; readonly theirs: string | null };
}

export interface Choice {
  readonly key: string;
  readonly take: Take;
  readonly shown: Conflict['shown'];
}

export const kindOf = ({ base, mine, theirs }: Clash): Conflict['kind'] => {
  if (mine === undefined) return 'deleted here';
  if (theirs === undefined) return 'deleted there';
  return base === undefined ? 'made on both sides' : 'changed on both sides';
};

export const chooses = (conflict: Conflict, take: Take): Choice => ({
  key: conflict.key,
  take,
  shown: conflict.shown,
});
