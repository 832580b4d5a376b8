import { blobId } from '@tidemark/e2ee';
import { idLike, isSingular, nameOf } from '../model/documents.js';
import {
  kindOf,
  type Choice,
  type Clash,
  type Conflict,
  type Merged,
  type State,
  type Take,
} from '../model/merge.js';
import type { Document, StateEntry } from '../model/types.js';
import type { FileRecord } from '../store/file-record.js';
import type { Shelf } from '../store/shelf.js';

type ReadDocument = (blob: string) => Promise<Document>;

export interface Answer {
  readonly clash: Clash;
  readonly conflict: Conflict;
  readonly take: Take;
}

/** Which clashes are answered, and which are still to be shown to a person. */
export async function decide(
  shelf: Shelf,
  { id, root }: FileRecord,
  { clashes }: Merged,
  choices: readonly Choice[],
): Promise<{ open: Conflict[]; answers: Answer[] }> {
  const [open, answers]: [Conflict[], Answer[]] = [[], []];
  for (const clash of clashes) {
    const conflict = await conflictOf((blob) => shelf.document(id, blob), root, clash);
    const take = answerTo(conflict, choices);
    if (take === undefined) open.push(conflict);
    else answers.push({ clash, conflict, take });
  }
  return { open, answers };
}

/** What a person sees of a clash. */
async function conflictOf(read: ReadDocument, root: string, clash: Clash): Promise<Conflict> {
  const [mine, theirs] = [await side(read, clash.mine), await side(read, clash.theirs)];
  const copyable = mine !== null && theirs !== null && !isSingular(mine, root);
  return {
    key: clash.key,
    name: clash.mine?.name ?? clash.theirs?.name ?? '',
    kind: kindOf(clash),
    mine,
    theirs,
    choices: copyable ? ['mine', 'theirs', 'both'] : ['mine', 'theirs'],
    shown: { mine: clash.mine?.blob ?? null, theirs: clash.theirs?.blob ?? null },
  };
}

const side = async (read: ReadDocument, entry: StateEntry | undefined): Promise<Document | null> =>
  entry === undefined ? null : read(entry.blob);

/** The answer to a conflict, if there is one for exactly the versions that stand against each other now. */
function answerTo(conflict: Conflict, choices: readonly Choice[]): Take | undefined {
  const answer = choices.find(
    ({ key, shown }) =>
      key === conflict.key && shown.mine === conflict.shown.mine && shown.theirs === conflict.shown.theirs,
  );
  return answer && conflict.choices.includes(answer.take) ? answer.take : undefined;
}

export interface Settled {
  readonly state: State;
  /** Documents that came into being by keeping both. */
  readonly copies: ReadonlyMap<string, Document>;
}

/** The merged state with what was chosen for each conflict. */
export function settle(merged: State, answers: readonly Answer[]): Settled {
  const state = new Map(merged);
  const copies = new Map<string, Document>();
  for (const { clash, conflict, take } of answers) {
    const kept = take === 'theirs' ? clash.theirs : clash.mine;
    if (kept) state.set(kept.key, kept);
    if (take !== 'both') continue;
    const copy = copyOf(conflict.theirs!, clash.theirs!.blob);
    const blob = blobId(copy);
    copies.set(blob, copy);
    state.set(copy._id, { key: copy._id, blob, name: nameOf(copy) });
  }
  return { state, copies };
}

/** Its id follows from what is copied: keeping both twice makes one copy. */
function copyOf(document: Document, blob: string): Document {
  const digits = blob.slice(0, 32);
  return { ...document, _id: idLike(document._id, digits), name: `${nameOf(document)} (theirs)` };
}
