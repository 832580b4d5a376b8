import { blobId } from '@tidemark/e2ee';
import { nameOf } from '../model/documents.js';
import { mergeStates, stateOf, type Choice, type Conflict, type State } from '../model/merge.js';
import { randomHex } from '../model/random.js';
import { digits } from '../model/sha.js';
import type { Document, StateEntry } from '../model/types.js';
import type { FileRecord } from '../store/file-record.js';
import type { Store } from '../store/store.js';
import { commit } from './commit.js';
import type { Context } from './context.js';
import { decide, settle } from './conflicts.js';
import { uncommitted, workState } from './working-copy.js';

interface Pad {
  readonly root: string;
  readonly documents: Readonly<Record<string, Document>>;
}

/** A collection that belongs to nobody: made without an account, and left where it is by signing in and out. */
export class ScratchPad {
  constructor(private readonly store: Store) {}

  async documents(): Promise<Document[]> {
    return Object.values((await this.#read()).documents);
  }

  /** The workspace that the other documents lie in. */
  async root(): Promise<string> {
    return (await this.#read()).root;
  }

  async put(...documents: readonly Document[]): Promise<void> {
    const pad = await this.#read();
    const added = Object.fromEntries(documents.map((document) => [document._id, document]));
    await this.#write({ ...pad, documents: { ...pad.documents, ...added } });
  }

  async delete(key: string): Promise<void> {
    const pad = await this.#read();
    const { [key]: _, ...documents } = pad.documents;
    await this.#write({ ...pad, documents });
  }

  /** One and the same file however often, and from whichever copy of this pad, it is imported. */
  async fileIn(org: string): Promise<string> {
    return `prj_${await digits(32, 'scratch pad', org, await this.root())}`;
  }

  /** What was imported into a file when that was done last: the base of the next import. */
  async imported(file: string): Promise<State> {
    const text = await this.store.read(`scratch/imported/${file}.json`);
    return stateOf(text === undefined ? [] : (JSON.parse(text) as StateEntry[]));
  }

  async rememberImport(file: string, taken: State): Promise<void> {
    await this.store.write(`scratch/imported/${file}.json`, JSON.stringify([...taken.values()]));
  }

  async #read(): Promise<Pad> {
    const text = await this.store.read('scratch/pad.json');
    if (text !== undefined) return JSON.parse(text) as Pad;
    const root = `wrk_${randomHex(32)}`;
    const workspace = {
      _id: root,
      type: 'Workspace',
      parentId: null,
      name: 'Scratch Pad',
      description: '',
      scope: 'collection',
    };
    const pad = { root, documents: { [root]: workspace } };
    await this.#write(pad);
    return pad;
  }

  #write(pad: Pad): Promise<void> {
    return this.store.write('scratch/pad.json', JSON.stringify(pad));
  }
}

export interface Imported {
  readonly file: string;
  /** Documents that were added or changed. */
  readonly changed: number;
  /** To be answered by importing again with `choices`; until then nothing has changed. */
  readonly conflicts: readonly Conflict[];
}

export interface Taken {
  readonly imported: Imported;
  readonly record: FileRecord;
  /** The base of the next import. */
  readonly base: State;
}

/**
 * Takes the pad into a file: what is new or changed since the last import. What was deleted or changed in the file
 * meanwhile stays so, and what changed on both sides is left to the person.
 */
export async function importPad(
  context: Context,
  pad: ScratchPad,
  record: FileRecord,
  choices: readonly Choice[],
): Promise<Taken> {
  const documents = new Map((await pad.documents()).map((document) => [blobId(document), document]));
  await context.shelf.keepDocuments(record.id, documents);
  const scratch = stateOf(
    [...documents].map(([blob, document]) => ({ key: document._id, blob, name: nameOf(document) })),
  );
  const before = await pad.imported(record.id);
  const taken = new Map([...before, ...scratch]);
  const merged = mergeStates(before, workState(record), taken);
  const { open, answers } = await decide(context.shelf, record, merged, choices);
  if (open.length > 0)
    return { imported: { file: record.id, changed: 0, conflicts: open }, record, base: before };
  const { state, copies } = settle(merged.state, answers);
  await context.shelf.keepDocuments(record.id, copies);
  const next = { ...record, work: { ...record.work, ...workOf(state) } };
  const changed = (await uncommitted(context, next)).length;
  const message = record.branches[record.branch] ? 'Import from the scratch pad' : 'Initial Snapshot';
  return {
    imported: { file: record.id, changed, conflicts: [] },
    record: changed > 0 ? await commit(context, next, message) : next,
    base: taken,
  };
}

const workOf = (state: State): FileRecord['work'] =>
  Object.fromEntries([...state.values()].map(({ key, blob, name }) => [key, { blob, name, synced: true }]));
