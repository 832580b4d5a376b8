import { packDamaged } from '@tidemark/blob-store';
import { ByteReader, ByteWriter } from './bytes.js';
import type { Entry, State } from './state.js';

/**
 * A state in terms of another one: runs copied from it, and entries written out. Order and repetitions come back exactly.
 * Against no entries at all it is the state written out: a key-frame.
 */
export function deltaOf(base: State, state: State): Buffer {
  const writer = new ByteWriter();
  for (const { from, entries } of runsOf(base, state)) {
    if (from !== undefined) writer.number(entries.length * 2).number(from);
    else {
      writer.number(entries.length * 2 + 1);
      for (const { key, blob, name } of entries) writer.text(key).id(blob).text(name);
    }
  }
  return writer.done();
}

export function applied(base: State, delta: Buffer): State {
  const reader = new ByteReader(delta);
  const state: Entry[] = [];
  while (!reader.atEnd) {
    const head = reader.number();
    const count = Math.floor(head / 2);
    if (head % 2 === 0) {
      const from = reader.number();
      if (from + count > base.length) throw packDamaged();
      for (let i = from; i < from + count; i++) state.push(base[i]!);
    } else
      for (let i = 0; i < count; i++)
        state.push({ key: reader.text(), blob: reader.id(), name: reader.text() });
  }
  return state;
}

/** The blobs that the other state does not name, each once. */
export function freshBlobs(base: State, state: State): string[] {
  const known = new Set(base.map(({ blob }) => blob));
  return [...new Set(state.map(({ blob }) => blob))].filter((blob) => !known.has(blob));
}

interface Run {
  /** Where it stands in the other state; undefined when it has to be written out. */
  readonly from: number | undefined;
  readonly entries: Entry[];
}

function runsOf(base: State, state: State): Run[] {
  const find = finderIn(base);
  const runs: Run[] = [];
  let next: number | undefined;
  for (const entry of state) {
    const at = find(entry, next);
    const last = runs.at(-1);
    const goesOn =
      last && (at === undefined ? last.from === undefined : last.from !== undefined && at === next);
    if (goesOn) last.entries.push(entry);
    else runs.push({ from: at, entries: [entry] });
    next = at === undefined ? undefined : at + 1;
  }
  return runs;
}

/** Where an entry stands, preferably at the place that would go on with the run. */
function finderIn(base: State) {
  const places = new Map<string, number>();
  base.forEach((entry, i) => {
    const identity = identityOf(entry);
    if (!places.has(identity)) places.set(identity, i);
  });
  return (entry: Entry, preferred: number | undefined): number | undefined =>
    preferred !== undefined && isSame(base[preferred], entry) ? preferred : places.get(identityOf(entry));
}

const isSame = (one: Entry | undefined, other: Entry): boolean =>
  one !== undefined && one.key === other.key && one.blob === other.blob && one.name === other.name;

/** The blob id comes first and has a fixed length; the length of the key tells it from the name. */
const identityOf = ({ key, blob, name }: Entry): string => `${blob}${key.length} ${key}${name}`;
