import {
  branchMessages,
  DomainError,
  notConfirmed,
  snapshotMessages,
  type AppendedSnapshots,
  type ClaimedSnapshot,
  type FileView,
  type Staged,
  type StoredSnapshot,
} from '@tidemark/contracts';
import type { GraphQLResolveInfo } from 'graphql';
import type { Call } from '../call.js';
import { changeFile, nameOf, onFile, refuseAbsent } from '../files.js';
import { selects } from '../selects.js';
import { authorsOf, type Authors } from './authors.js';
import { inParts } from './in-parts.js';

interface SnapshotInput extends Omit<ClaimedSnapshot, 'state' | 'created'> {
  readonly created: unknown;
  readonly state: readonly { readonly key: string; readonly blob: string; readonly name: string }[];
}

interface PushArgs {
  readonly project: string;
  readonly branch: string;
  readonly snapshots: readonly SnapshotInput[];
}

export const snapshots = (
  { project: id, ids }: { project: string; ids: readonly string[] },
  call: Call,
  info: GraphQLResolveInfo,
) =>
  onFile(
    call,
    id,
    async (file) => {
      const parts = inParts([...new Set(ids)], (some) =>
        call.send<StoredSnapshot[]>(snapshotMessages.get, { ...nameOf(file), ids: some }, file.org),
      );
      return withAuthors(call, file, await collected(parts), info);
    },
    refuseAbsent,
  );

/** More would not fit into one text. */
const MOST_DOCUMENTS = 2_000_000;

async function collected(parts: AsyncGenerator<readonly StoredSnapshot[]>): Promise<StoredSnapshot[]> {
  const found: StoredSnapshot[] = [];
  let documents = 0;
  for await (const part of parts) {
    documents += part.reduce((sum, { state }) => sum + state.keys.length, 0);
    if (documents > MOST_DOCUMENTS)
      throw new DomainError(
        'TOO_LARGE',
        `These snapshots have ${documents} documents or more; ${MOST_DOCUMENTS} is the limit of one answer.`,
      );
    found.push(...part);
  }
  return found;
}

/** Data first, reference last. The answer replaces what the device has, so it is whole. */
export const snapshotsCreate = (
  { project: id, branch, snapshots: pushed }: PushArgs,
  call: Call,
  info: GraphQLResolveInfo,
) =>
  changeFile(
    call,
    id,
    async (file) => {
      if (pushed.length === 0) return [];
      const claimed = pushed.map(claimedOf);
      const staged = await stage(call, file, claimed);
      const accepted = await append(call, file, branch, claimed, staged.token);
      return whatIsPushed(async () =>
        withAuthors(call, file, await storedVersions(call, file, staged, accepted), info),
      );
    },
    refuseAbsent,
  );

/** The push is done: who is told that nothing was saved would be told something untrue. */
async function whatIsPushed<T>(tell: () => Promise<T>): Promise<T> {
  try {
    return await tell();
  } catch (error) {
    throw error instanceof DomainError && error.code === 'UNAVAILABLE' ? notConfirmed(error) : error;
  }
}

const stage = (call: Call, file: FileView, claimed: readonly ClaimedSnapshot[]): Promise<Staged> =>
  call.send(
    snapshotMessages.stage,
    { ...nameOf(file), file: file.file, root: file.root, snapshots: claimed },
    file.org,
  );

function append(
  call: Call,
  file: FileView,
  branch: string,
  claimed: readonly ClaimedSnapshot[],
  token: string,
): Promise<AppendedSnapshots> {
  const ids = claimed.map(({ id }) => id);
  const { parent } = claimed[0]!;
  const message = { ...nameOf(file), branch, snapshots: ids, parent, token, client: call.client };
  return call.send(branchMessages.append, message, file.org);
}

/** Somebody else's version of the same snapshot may have been accepted first; then that one is it. */
async function storedVersions(
  call: Call,
  file: FileView,
  { snapshots: staged }: Staged,
  { accepted }: AppendedSnapshots,
): Promise<readonly StoredSnapshot[]> {
  const hashes = new Map(accepted.map(({ id, hash }) => [id, hash]));
  const others = staged.filter(({ id, hash }) => hashes.get(id) !== hash).map(({ id }) => id);
  if (others.length === 0) return staged;
  const message = { ...nameOf(file), ids: others };
  const stored = await call.send<StoredSnapshot[]>(snapshotMessages.get, message, file.org);
  const byId = new Map(stored.map((snapshot) => [snapshot.id, snapshot]));
  return staged.map((snapshot) => byId.get(snapshot.id) ?? snapshot);
}

async function withAuthors(
  call: Call,
  file: FileView,
  stored: readonly StoredSnapshot[],
  info: GraphQLResolveInfo,
) {
  const authors: Authors = selects(info, 'authorAccount')
    ? await authorsOf(call, file.org, stored)
    : new Map();
  return stored.map((snapshot) => shown(snapshot, authors));
}

const shown = (
  { id, parent, created, author, name, description, state }: StoredSnapshot,
  authors: Authors,
) => ({
  id,
  parent,
  created,
  author,
  authorAccount: authors.get(author) ?? null,
  name,
  description,
  state: state.keys.map((key, index) => ({ key, blob: state.blobs[index]!, name: state.names[index]! })),
});

const claimedOf = ({ state, created, ...rest }: SnapshotInput): ClaimedSnapshot => ({
  id: rest.id,
  parent: rest.parent,
  author: rest.author,
  name: rest.name,
  description: rest.description,
  created: timeOf(created),
  state: {
    keys: state.map(({ key }) => key),
    blobs: state.map(({ blob }) => blob),
    names: state.map(({ name }) => name),
  },
});

/** What the app gets back it parses, and sends again from another branch: what is no date now would be null then. */
function timeOf(created: unknown): string {
  const time = typeof created === 'string' ? Date.parse(created) : Number.NaN;
  if (Number.isNaN(time) || !/^\d{4}-/.test(String(created)))
    throw new DomainError('INVALID_INPUT', 'created must be a time as 2024-10-27T03:33:20.000Z.', [
      { field: 'created', rule: 'isTime' },
    ]);
  return new Date(time).toISOString();
}
