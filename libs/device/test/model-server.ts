import { snapshotId, noParent } from '@tidemark/e2ee';
import type { Fetch } from '../src/doors/http.js';
import type { RemoteBlob, RemoteSnapshot } from '../src/doors/operations.js';

export interface Member {
  readonly account: string;
  readonly token: string;
  readonly publicKey: string;
}

interface ModelFile {
  readonly id: string;
  readonly name: string;
  readonly rootDocumentId: string;
  readonly teamId: string;
  readonly teamProjectId: string;
  readonly keys: Map<string, string>;
  readonly claimed: Map<string, string>;
  /** account → id → content */
  readonly unclaimed: Map<string, Map<string, string>>;
  readonly snapshots: Map<string, RemoteSnapshot>;
  readonly branches: Map<string, string[]>;
}

class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

const absent = () =>
  new Refused('NOT_FOUND', 'invalid access: this file does not exist here, or you have no access to it', 404);

/** Of all operations together. */
interface Variables {
  readonly id: string;
  readonly projectId?: string;
  readonly name: string;
  readonly rootDocumentId: string;
  readonly teamId: string;
  readonly teamProjectId: string;
  readonly teamKeys: readonly { accountId: string; encSymmetricKey: string }[];
  readonly branch: string;
  readonly branchName: string;
  readonly ids: readonly string[];
  readonly blobs: readonly RemoteBlob[];
  readonly snapshots: readonly RemoteSnapshot[];
}

/** What stands between a device and the server in a test: may answer, fail or let through. */
export type Between = (call: {
  label: string;
  variables: Variables;
  go: () => Promise<Response>;
}) => Promise<Response>;

/** The server of the protocol as small as it can be: one organization, one project, all members in it. */
export class ModelServer {
  readonly org = `org_${'1'.repeat(32)}`;
  readonly project = `proj_org_${'1'.repeat(32)}`;
  readonly files = new Map<string, ModelFile>();
  readonly calls: string[] = [];
  readonly #streams = new Set<ReadableStreamDefaultController<Uint8Array>>();
  readonly #ended = new Set<string>();
  between: Between = ({ go }) => go();
  /** Labels of the calls that carried documents of this many blobs. */
  readonly uploads: number[] = [];

  constructor(private readonly members: readonly Member[]) {}

  endSession(token: string): void {
    this.#ended.add(token);
  }

  send(event: object): void {
    for (const stream of this.#streams)
      stream.enqueue(new TextEncoder().encode(`: hello\n\ndata: ${JSON.stringify(event)}\n\n`));
  }

  breakStreams(): void {
    for (const stream of this.#streams) stream.close();
    this.#streams.clear();
  }

  get openStreams(): number {
    return this.#streams.size;
  }

  readonly fetch: Fetch = async (url, init) => {
    const { pathname, search } = new URL(url);
    const body = JSON.parse(typeof init.body === 'string' ? init.body : '{}') as { variables?: Variables };
    const variables = body.variables ?? ({} as Variables);
    const label = pathname === '/graphql' ? search.slice(1) : `${init.method} ${pathname}`;
    const go = async () => this.#answer(pathname, label, variables, init);
    this.calls.push(label);
    return this.between({ label, variables, go });
  };

  #answer(path: string, label: string, variables: Variables, init: RequestInit): Response {
    const token = new Headers(init.headers).get('x-session-id');
    const member = this.members.find((one) => one.token === token && !this.#ended.has(one.token));
    if (path === '/auth/logout') return new Response(null, { status: 204 });
    if (!member) return this.#overResponse(path);
    if (path === '/graphql') return this.#graphql(label, variables, member);
    if (path.endsWith('/streams')) return this.#stream(init);
    if (path === '/v1/organizations') return json({ organizations: [this.#organization(member)] });
    if (path.endsWith('/team-projects')) return json({ data: [{ id: this.project, name: 'Default' }] });
    return json({ error: 'NOT_FOUND', message: 'Not found.', requestId: 'model' }, 404);
  }

  #organization(member: Member) {
    const metadata = { organizationType: 'personal', ownerAccountId: member.account };
    return { id: this.org, name: 'Personal', display_name: 'Personal', metadata };
  }

  #overResponse(path: string): Response {
    const message = 'You are not logged in or your session has ended. Log in again.';
    const headers = {
      'x-insomnia-command': `insomnia://app/auth/login?message=${encodeURIComponent('Your session has ended.')}`,
    };
    const extensions = { code: 'UNAUTHORIZED', status: 401, requestId: 'model' };
    return path === '/graphql'
      ? json({ data: null, errors: [{ message, extensions }] }, 200, headers)
      : json({ error: 'UNAUTHORIZED', message, requestId: 'model' }, 401, headers);
  }

  #stream({ signal }: RequestInit): Response {
    const streams = this.#streams;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        streams.add(controller);
        signal?.addEventListener('abort', () => {
          if (streams.delete(controller)) controller.error(signal.reason);
        });
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  }

  #graphql(label: string, variables: Variables, member: Member): Response {
    try {
      const [field, value] = this.#resolve(label, variables, member.account);
      return json({ data: { [field]: value } });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const extensions = { code: error.code, status: error.status, requestId: 'model' };
      return json({ data: null, errors: [{ message: error.message, extensions }] });
    }
  }

  #resolve(label: string, v: Variables, account: string): [string, unknown] {
    const file = this.files.get(v.projectId ?? v.id);
    const must = () => {
      if (!file) throw absent();
      return file;
    };
    switch (label) {
      case 'projects':
        return ['projects', [...this.files.values()].map((one) => ({ ...view(one), teams: [] }))];
      case 'project':
        return ['project', file ? view(file) : null];
      case 'teamMemberKeys':
        return ['teamMemberKeys', { memberKeys: this.members.map(memberKey) }];
      case 'createProject':
        return ['projectCreate', view(this.#create(v, file))];
      case 'projectKey':
        return ['projectKey', { encSymmetricKey: keyOf(must(), account) }];
      case 'branches':
        return ['branches', [...(file?.branches.keys() ?? [])].map((name) => ({ name }))];
      case 'branch':
        return ['branch', branchOf(file, v.branch)];
      case 'missingBlobs':
        return ['blobsMissing', { missing: missing(file, account, v.ids) }];
      case 'blobsCreate':
        return ['blobsCreate', this.#upload(must(), account, v.blobs)];
      case 'snapshots':
        return ['snapshots', allOf(must().snapshots, v.ids)];
      case 'blobs':
        return ['blobs', v.ids.map((id) => ({ id, content: allOf(must().claimed, [id])[0] }))];
      case 'snapshotsPush':
        return ['snapshotsCreate', append(must(), account, v)];
      case 'removeBranch':
        return ['branchRemove', file?.branches.delete(v.branch) ?? true];
      case 'projectArchive':
        return ['projectArchive', this.files.delete(v.id)];
      default:
        throw new Error(`The model knows no ${label}.`);
    }
  }

  #create(v: Variables, existing: ModelFile | undefined): ModelFile {
    if (existing) return existing;
    const file: ModelFile = {
      id: v.id,
      name: v.name,
      rootDocumentId: v.rootDocumentId,
      teamId: v.teamId,
      teamProjectId: v.teamProjectId,
      keys: new Map(v.teamKeys.map(({ accountId, encSymmetricKey }) => [accountId, encSymmetricKey])),
      claimed: new Map(),
      unclaimed: new Map(),
      snapshots: new Map(),
      branches: new Map(),
    };
    this.files.set(file.id, file);
    return file;
  }

  #upload(file: ModelFile, account: string, blobs: readonly RemoteBlob[]) {
    const mine = file.unclaimed.get(account) ?? new Map<string, string>();
    file.unclaimed.set(account, mine);
    for (const { id, content } of blobs) mine.set(id, content);
    this.uploads.push(blobs.length);
    return { count: blobs.length };
  }
}

const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  });

const view = ({ id, name, rootDocumentId }: ModelFile) => ({ id, name, rootDocumentId });

const memberKey = ({ account, publicKey }: Member) => ({ accountId: account, publicKey, autoLinked: false });

function keyOf(file: ModelFile, account: string): string {
  const key = file.keys.get(account);
  if (key === undefined) throw new Refused('NOT_FOUND', 'you have no key for this file yet', 404);
  return key;
}

function branchOf(file: ModelFile | undefined, name: string) {
  const snapshots = file?.branches.get(name);
  return snapshots ? { name, created: '', modified: '', snapshots } : null;
}

const missing = (file: ModelFile | undefined, account: string, ids: readonly string[]) =>
  ids.filter((id) => !file?.claimed.has(id) && !file?.unclaimed.get(account)?.has(id));

function allOf<T>(held: ReadonlyMap<string, T>, ids: readonly string[]): T[] {
  return ids.map((id) => {
    const one = held.get(id);
    if (one === undefined) throw absent();
    return one;
  });
}

/** Obligations O1 to O5. */
function append(file: ModelFile, account: string, v: Variables): RemoteSnapshot[] {
  const batch = v.snapshots;
  const list = file.branches.get(v.branchName) ?? [];
  const ids = batch.map(({ id }) => id);
  const repeated = list.slice(-ids.length).join() === ids.join();
  let parent = list.at(-1) ?? noParent;
  for (const { id, parent: claimed, state } of repeated ? [] : batch) {
    if (claimed !== parent)
      throw new Refused(
        'HISTORY_CONFLICT',
        'Remote history conflict. Please pull latest changes and try again',
        409,
      );
    const blobs = state.map(({ blob }) => blob);
    if (snapshotId(file.id, parent, blobs) !== id) throw new Refused('SNAPSHOT_ID_MISMATCH', 'Not its id.');
    if (missing(file, account, blobs).length > 0)
      throw new Refused('BLOBS_MISSING', 'Blobs are missing.', 409);
    parent = id;
  }
  for (const snapshot of batch) {
    for (const { blob } of snapshot.state)
      if (!file.claimed.has(blob)) file.claimed.set(blob, file.unclaimed.get(account)!.get(blob)!);
    if (!file.snapshots.has(snapshot.id))
      file.snapshots.set(snapshot.id, { ...snapshot, authorAccount: null });
  }
  if (!repeated) file.branches.set(v.branchName, [...list, ...ids]);
  return allOf(file.snapshots, ids);
}
