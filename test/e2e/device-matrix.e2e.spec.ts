import { chooses, MemoryStore, type Device, type DeviceFile, type Document } from '@tidemark/device';
import { contents, names, person, request, rootOf, shared, type Person } from './support/people.js';

/** Kinds of objects in a file, each with what the app would put into one. */
const kinds: [type: string, prefix: string, more: object][] = [
  ['Request', 'req', { url: 'https://example.test', method: 'GET' }],
  ['RequestGroup', 'fld', { environment: { a: 1 } }],
  ['GrpcRequest', 'greq', { url: 'grpc://example.test', protoMethodName: '/a.B/C' }],
  ['WebSocketRequest', 'ws-req', { url: 'wss://example.test' }],
  ['WebSocketPayload', 'ws-payload', { value: '{}', mode: 'application/json' }],
  ['ApiSpec', 'spc', { contents: 'openapi: 3.1.0', contentType: 'yaml' }],
  ['Environment', 'env', { data: { 10: 'ten', 9: 'nine' }, isPrivate: false }],
  ['UnitTestSuite', 'uts', { metaSortKey: 1 }],
  ['UnitTest', 'ut', { code: 'expect(1).to.equal(1)' }],
  ['MockServer', 'mock', { url: '', useInsomniaCloud: false }],
  ['MockRoute', 'mock-route', { body: 'é €', statusCode: 418 }],
  ['ProtoFile', 'pf', { protoText: 'syntax = "proto3";' }],
  ['ProtoDirectory', 'pd', {}],
  ['McpRequest', 'mcp-req', { url: 'https://example.test/mcp' }],
];

const object = (
  [type, prefix, more]: (typeof kinds)[number],
  n: number,
  parentId: string,
  name: string,
): Document => ({
  _id: `${prefix}_${String(n).padStart(32, '0')}`,
  type,
  parentId,
  created: n,
  name,
  ...more,
});

describe('three devices', () => {
  let ada: Person;
  let devices: Device[];
  beforeAll(async () => {
    ada = await person();
    devices = [await ada.device(), await ada.device(), await ada.device()];
  });

  const settle = async (files: readonly DeviceFile[]) => {
    for (const file of [...files, ...files]) await file.sync();
  };
  const mustBeEqual = async (files: readonly DeviceFile[]) => {
    const [first, ...others] = await Promise.all(files.map(contents));
    for (const other of others) expect(other).toEqual(first);
    expect(files.map((file) => file.state.is)).toEqual(files.map(() => 'synced'));
    const [history, ...histories] = await Promise.all(files.map((file) => file.history()));
    for (const other of histories) expect(other).toEqual(history);
    return first!;
  };

  it('create, change, rename and delete objects of every kind, and end equal', async () => {
    const files = await shared(ada, 'Matrix', ...devices);
    const root = await rootOf(files[0]!);
    const kept = (place: number) => 10 * (place + 1);
    const doomed = (place: number) => kept(place) + 1;
    for (const [place, file] of files.entries()) {
      for (const kind of kinds)
        await file.put(
          object(kind, kept(place), root, `Made by ${place}`),
          object(kind, doomed(place), root, `Goes ${place}`),
        );
      await file.commit(`Made by ${place}`);
    }
    await settle(files);
    expect(await mustBeEqual(files)).toHaveLength(3 + 6 * kinds.length);

    for (const [place, file] of files.entries()) {
      const next = kept((place + 1) % 3);
      for (const kind of kinds) {
        await file.put({
          ...object(kind, next, root, `Renamed by ${place}`),
          description: `changed by ${place}`,
        });
        await file.delete(object(kind, doomed(place), root, '')._id);
      }
      await file.commit(`Changed by ${place}`);
    }
    await settle(files);
    const end = await mustBeEqual(files);
    for (const [type] of kinds) {
      const own = end.filter(
        (document) => document.type === type && 'description' in document && type !== 'Workspace',
      );
      expect([
        type,
        ...own.map(({ name, description }) => `${String(name)}, ${String(description)}`).sort(),
      ]).toEqual([
        type,
        'Renamed by 0, changed by 0',
        'Renamed by 1, changed by 1',
        'Renamed by 2, changed by 2',
      ]);
    }
    expect(end).toHaveLength(3 + 3 * kinds.length);
  });

  it('rename the workspace, and the file is listed by its new name', async () => {
    const files = await shared(ada, 'Before', ...devices);
    const root = await rootOf(files[0]!);
    await files[1]!.put({ ...(await files[1]!.document(root))!, name: 'After' });
    await files[1]!.commit('Rename');
    await settle([files[1]!, ...files]);
    await mustBeEqual(files);
    const listed = await devices[2]!.listed(ada.place);
    expect(listed.find(({ id }) => id === files[0]!.id)?.name).toBe('After');
  });
});

describe('a device that', () => {
  let ada: Person;
  beforeEach(async () => (ada = await person()));

  it('signs out lists what was not pushed, removes all of it, and has it back when it signs in', async () => {
    const store = new MemoryStore();
    const device = await ada.device({ store });
    const [file] = await shared(ada, 'Kept', device);
    const before = await contents(file!);
    await file!.put(request(2, 'Not pushed', await rootOf(file!)));
    await file!.commit('Not pushed');
    const refused = await device.signOut();
    expect(refused).toMatchObject({
      done: false,
      unpushed: [{ file: file!.id, branch: 'master', commits: 1 }],
    });
    expect((await device.signOut({ discard: true })).done).toBe(true);
    expect(device.state).toMatchObject({ is: 'offline', why: 'not signed in' });
    expect(await store.list('accounts')).toEqual([]);

    const { sessions, signIn } = { sessions: await ada.account.sessions(), signIn: ada };
    expect(sessions.items.filter(({ kind }) => kind === 'app')).toEqual([]);
    await device.signIn({ email: signIn.email, passphrase: signIn.passphrase });
    expect(await contents(device.file(file!.id))).toEqual(before);
    expect(device.state.is).toBe('synced');
  });

  it('is reloaded has what it had, and fetches the newest', async () => {
    const store = new MemoryStore();
    const [one, other] = [await ada.device({ store }), await ada.device()];
    const [mine, theirs] = await shared(ada, 'Reloaded', one, other);
    await mine!.put(request(2, 'Uncommitted', await rootOf(mine!)));
    await theirs!.put(request(3, 'Newest', await rootOf(theirs!)));
    await theirs!.commit('Newest');
    await theirs!.push();

    const again = await reopened(store);
    expect(again.state.is).toBe('connecting');
    expect(await names(again.file(mine!.id))).toContain('Uncommitted');
    await again.restore();
    expect(await names(again.file(mine!.id))).toEqual(expect.arrayContaining(['Uncommitted', 'Newest']));
    expect(again.state).toEqual({ is: 'syncing', why: 'changes to commit' });
  });

  it('had a scratch pad imports it twice without doubles, also from a copy', async () => {
    const store = new MemoryStore();
    const device = await reopened(store);
    await device.scratchPad.put(
      request(1, 'Made without account', await device.scratchPad.root()),
      request(2, 'Another', await device.scratchPad.root()),
    );
    const pad = await store.read('scratch/pad.json');
    await device.signIn({ email: ada.email, passphrase: ada.passphrase });
    const { file } = await device.importScratchPad(ada.place);
    await device.file(file).push();
    expect(await device.importScratchPad(ada.place)).toEqual({ file, changed: 0, conflicts: [] });

    const copied = new MemoryStore();
    await copied.write('scratch/pad.json', pad!);
    const other = await ada.device({ store: copied });
    expect(await other.importScratchPad(ada.place)).toEqual({ file, changed: 0, conflicts: [] });
    expect(await contents(other.file(file))).toEqual(await contents(device.file(file)));
    expect((await device.listed(ada.place)).filter(({ name }) => name === 'Scratch Pad')).toHaveLength(1);
  });

  it.each([
    ['mine', ['Mine']],
    ['theirs', ['Theirs']],
    ['both', ['Mine', 'Theirs (theirs)']],
  ] as const)('meets a conflict is asked, and keeps %s on every device', async (take, kept) => {
    const [one, other] = [await ada.device(), await ada.device()];
    const [theirs, mine] = await shared(ada, 'Conflict', one, other);
    for (const [file, name] of [
      [theirs!, 'Theirs'],
      [mine!, 'Mine'],
    ] as const) {
      await file.put(request(1, name, await rootOf(file)));
      await file.commit(name);
    }
    await theirs!.push();
    const { conflicts } = await mine!.pull();
    expect(conflicts).toMatchObject([{ kind: 'changed on both sides', choices: ['mine', 'theirs', 'both'] }]);
    expect(mine!.state).toMatchObject({ is: 'error', code: 'CONFLICT' });
    expect(await names(mine!)).toContain('Mine');
    await mine!.sync();
    expect(await names(mine!)).not.toContain('Theirs');

    await mine!.pull({ choices: conflicts.map((conflict) => chooses(conflict, take)) });
    await mine!.push();
    await theirs!.pull();
    const own = (list: string[]) => list.filter((name) => /Mine|Theirs/.test(name));
    expect(own(await names(mine!))).toEqual(kept);
    expect(await contents(theirs!)).toEqual(await contents(mine!));
  });

  it('was ended elsewhere keeps its work, signs in again and pushes it', async () => {
    const store = new MemoryStore();
    const device = await ada.device({ store });
    const [file] = await shared(ada, 'Ended', device);
    await file!.put(request(2, 'Unpushed', await rootOf(file!)));
    await file!.commit('Unpushed');
    const { items } = await ada.account.sessions();
    await ada.account.endSession(items.find(({ kind }) => kind === 'app')!.id);
    await expect(file!.push()).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    expect(device.state).toMatchObject({ is: 'offline', why: 'not signed in' });
    await device.signIn({ email: ada.email, passphrase: ada.passphrase });
    expect(await device.file(file!.id).push()).toMatchObject({ snapshots: 1 });
  });

  const reopened = async (store: MemoryStore) => {
    const { Device } = await import('@tidemark/device');
    return Device.open({ url: ada.url, store, name: 'reopened' });
  };
});
