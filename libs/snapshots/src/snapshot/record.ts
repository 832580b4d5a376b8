import { createHash } from 'node:crypto';
import type { ClaimedSnapshot, StoredSnapshot } from '@tidemark/contracts';
import { ByteReader, ByteWriter } from './bytes.js';
import { columnsOf, stateOf, type State } from './state.js';

/** What stands before the first snapshot of a file. */
export const NO_PARENT = '0'.repeat(40);

/** What a snapshot says besides its documents. */
export type Head = Pick<ClaimedSnapshot, 'id' | 'parent' | 'created' | 'author' | 'name' | 'description'>;

/** A snapshot as this service keeps it. */
export interface StoredRecord {
  readonly head: Head;
  readonly state: State;
  /** SHA-256 over all of it, hexadecimal. */
  readonly hash: string;
}

export const recordOf = (snapshot: ClaimedSnapshot): StoredRecord => {
  const { id, parent, created, author, name, description } = snapshot;
  const head = { id, parent, created, author, name, description };
  const state = stateOf(snapshot.state);
  return { head, state, hash: hashOf(head, state) };
};

export const shown = ({ head, state, hash }: StoredRecord): StoredSnapshot => ({
  ...head,
  state: columnsOf(state),
  hash,
});

/** As the app makes it; branch, message, author, time, keys and names have no part in it. */
export function snapshotIdOf(file: string, parent: string, state: State): string {
  const blobs = state.map(({ blob }) => blob).sort();
  return createHash('sha1')
    .update(`${file}${parent}${blobs.join('')}`)
    .digest('hex');
}

/** Over everything, in one fixed form: what the snapshot id leaves out cannot be changed unnoticed either. */
export function hashOf(head: Head, state: State): string {
  const writer = new ByteWriter().text('tidemark snapshot 1').id(head.id).id(head.parent);
  writer.text(head.created).text(head.author).text(head.name).text(head.description).number(state.length);
  for (const { key, blob, name } of state) writer.text(key).id(blob).text(name);
  return createHash('sha256').update(writer.done()).digest('hex');
}

/** Id and parent stand in columns. */
export const headBytes = ({ created, author, name, description }: Head): Buffer =>
  new ByteWriter().text(created).text(author).text(name).text(description).done();

export function headFrom(id: string, parent: string, bytes: Buffer): Head {
  const reader = new ByteReader(bytes);
  return {
    id,
    parent,
    created: reader.text(),
    author: reader.text(),
    name: reader.text(),
    description: reader.text(),
  };
}
