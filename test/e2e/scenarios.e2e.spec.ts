import { snapshotId } from '@tidemark/e2ee';
import { Http, operations, type Device, type DeviceFile } from '@tidemark/device';
import { contents, names, person, request, rootOf, shared, type Person } from './support/people.js';
import { lineDown, Wire } from './support/wire.js';
import { until } from './support/until.js';
import { vectors } from './support/vectors.js';

const CONFLICT = 'Remote history conflict. Please pull latest changes and try again';

/** Scenarios of the protocol, in its numbers, for one person on several devices. */
describe('scenarios', () => {
  let ada: Person;
  let [one, two]: Device[] = [];
  const [firstWire, wire] = [new Wire(), new Wire()];
  beforeAll(async () => {
    ada = await person();
    [one, two] = [await ada.device({ fetch: firstWire.fetch }), await ada.device({ fetch: wire.fetch })];
  });
  beforeEach(() => {
    for (const each of [firstWire, wire]) {
      each.forget();
      each.before = () => undefined;
    }
  });

  const edit = async (file: DeviceFile, n: number, name: string) => {
    await file.put(request(n, name, await rootOf(file)));
    await file.commit(name);
  };
  const remote = async (file: DeviceFile, branch = 'master') =>
    (await ada.door(one!).query(operations.branch, { projectId: file.id, branch }))?.snapshots;

  it('1: two edit different requests, the second pusher pulls, merges and pushes; the list stays linear', async () => {
    const [mine, theirs] = await shared(ada, 'Scenario 1', one!, two!);
    const before = (await remote(mine!))!;
    await edit(mine!, 1, 'Mine');
    await mine!.push();
    await edit(theirs!, 2, 'Theirs');
    await expect(theirs!.push()).rejects.toThrow(CONFLICT);
    await theirs!.pull();
    await theirs!.push();
    const after = (await remote(mine!))!;
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after).toHaveLength(before.length + 2);
    const snapshots = await ada.door(one!).query(operations.snapshots, { projectId: mine!.id, ids: after });
    const byId = new Map(snapshots.map((snapshot) => [snapshot.id, snapshot]));
    after.forEach((id, place) => expect(byId.get(id)!.parent).toBe(after[place - 1] ?? '0'.repeat(40)));
  });

  it('2: the branch moves between the question and the push: an error, nothing half-written, a repeat works', async () => {
    const [mine, theirs] = await shared(ada, 'Scenario 2', one!, two!);
    await edit(mine!, 1, 'Mine');
    await edit(theirs!, 2, 'Theirs');
    let moved = false;
    wire.before = async ({ label }) => {
      if (label !== 'snapshotsPush' || moved) return;
      moved = true;
      await mine!.push();
    };
    await expect(theirs!.push()).rejects.toThrow(`Failed to query snapshotsPush: ${CONFLICT}`);
    expect(await remote(mine!)).toEqual((await mine!.history()).map(({ id }) => id));
    await theirs!.pull();
    wire.forget();
    await theirs!.push();
    expect(wire.labels()).not.toContain('blobsCreate');
    await mine!.pull();
    expect(await contents(mine!)).toEqual(await contents(theirs!));
  });

  it('3: 45 commits go as 20, 20 and 5', async () => {
    const file = await two!.createFile({ ...ada.place, name: 'Scenario 3' });
    for (let n = 1; n < 45; n++) await edit(file, 1, `Commit ${n}`);
    await file.push();
    expect(wire.sent('snapshotsPush').map(({ variables }) => (variables['snapshots'] as []).length)).toEqual([
      20, 20, 5,
    ]);
    await one!.restoreProject(ada.place);
    expect(await one!.file(file.id).history()).toEqual(await file.history());
  });

  it('4: a fork sends all snapshots again and no blob, and authorship survives', async () => {
    const [mine, theirs] = await shared(ada, 'Scenario 4', one!, two!);
    const authors = (await mine!.history()).map(({ author, created, name }) => ({ author, created, name }));
    await theirs!.fork('forked');
    await theirs!.checkout('forked');
    wire.forget();
    await theirs!.push();
    expect(wire.sent('snapshotsPush').map(({ variables }) => (variables['snapshots'] as []).length)).toEqual([
      2,
    ]);
    expect(wire.sent('blobsCreate')).toEqual([]);
    await mine!.checkout('forked');
    expect((await mine!.history()).map(({ author, created, name }) => ({ author, created, name }))).toEqual(
      authors,
    );
    expect(await remote(mine!, 'forked')).toEqual(await remote(mine!));
  });

  it('5: a file that was never pushed can be deleted', async () => {
    const file = await two!.createFile({ ...ada.place, name: 'Scenario 5' });
    await file.archive();
    await expect(file.documents()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await two!.listed(ada.place)).some(({ id }) => id === file.id)).toBe(false);
  });

  it('6: archived and pushed by the other one: the same id, a new key, all blobs missing', async () => {
    const [mine, theirs] = await shared(ada, 'Scenario 6', one!, two!);
    const keyOf = () => ada.door(one!).query(operations.projectKey, { projectId: mine!.id });
    const before = await keyOf();
    await mine!.archive();
    await expect(keyOf()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    wire.forget();
    await theirs!.push();
    expect(wire.labels()).toEqual([
      'project',
      'teamMemberKeys',
      'createProject',
      'branch',
      'missingBlobs',
      'projectKey',
      'blobsCreate',
      'snapshotsPush',
    ]);
    expect(wire.sent('missingBlobs')[0]!.variables['ids']).toHaveLength(3);
    expect(wire.sent('blobsCreate')[0]!.variables['blobs']).toHaveLength(3);
    expect(await keyOf()).not.toEqual(before);
    await one!.restoreProject(ada.place);
    expect(await contents(one!.file(theirs!.id))).toEqual(await contents(theirs!));
  });

  it.each([
    'project',
    'teamMemberKeys',
    'createProject',
    'branch',
    'missingBlobs',
    'blobsCreate',
    'snapshotsPush',
  ])('7: a first push that dies at %s works when it is asked for again', async (label) => {
    const file = await two!.createFile({ ...ada.place, name: `Scenario 7 ${label}` });
    wire.before = (call) => (call.label === label ? lineDown() : undefined);
    await expect(file.push()).rejects.toMatchObject({ code: 'NOT_CONNECTED' });
    expect(two!.state).toMatchObject({ is: 'offline', why: 'not connected' });
    wire.before = () => undefined;
    expect(await file.compare()).toEqual({ ahead: 1, behind: 0 });
    expect(await file.push()).toMatchObject({ snapshots: 1 });
    expect(file.state.is).toBe('synced');
    await file.archive();
  });

  it('10: refused after its upload, it is repeated without one; who pushed the same first disturbs nobody', async () => {
    const [mine, theirs] = await shared(ada, 'Scenario 10', one!, two!);
    const same = request(7, 'The same document', await rootOf(mine!));
    for (const file of [mine!, theirs!]) {
      await file.put(same);
      await file.commit(file === mine ? 'By one' : 'By the other');
    }
    await edit(theirs!, 8, 'One more');
    let moved = false;
    wire.before = async ({ label }) => {
      if (label !== 'snapshotsPush' || moved) return;
      moved = true;
      await edit(mine!, 9, 'In between');
      await mine!.push();
    };
    await expect(theirs!.push()).rejects.toThrow(CONFLICT);
    await theirs!.pull();
    wire.forget();
    await theirs!.push();
    expect(wire.sent('blobsCreate')).toEqual([]);
    await mine!.pull();
    expect(await contents(mine!)).toEqual(await contents(theirs!));
    expect(await names(mine!)).toEqual(
      expect.arrayContaining(['The same document', 'One more', 'In between']),
    );
  });

  it('13: one id in two organizations: neither disturbs the other', async () => {
    const bob = await person('Bob');
    const his = await bob.device();
    const [mine] = await shared(ada, 'Scenario 13', one!);
    const door = bob.door(his);
    const [ofBob] = await shared(bob, 'Of Bob', his);
    const key = { accountId: bob.account.view.id, encSymmetricKey: '0'.repeat(512), autoLinked: false };
    const create = (place: Person['place']) =>
      door.query(operations.createProject, {
        name: 'The same id',
        id: mine!.id,
        rootDocumentId: 'wrk_bob',
        teamId: place.org,
        teamProjectId: place.project,
        teamKeys: [key],
      });
    await expect(create(ada.place)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      text: 'invalid access: this file does not exist here, or you have no access to it',
    });
    expect(await create(bob.place)).toMatchObject({ id: mine!.id, rootDocumentId: 'wrk_bob' });
    expect(await door.query(operations.branch, { projectId: mine!.id, branch: 'master' })).toBeNull();
    expect(await door.query(operations.project, { id: mine!.id })).toMatchObject({ name: 'The same id' });
    expect(await mine!.compare()).toEqual({ ahead: 0, behind: 0 });
    await edit(mine!, 2, 'Still mine');
    await mine!.push();
    expect(await door.query(operations.project, { id: mine!.id })).toMatchObject({ name: 'The same id' });
    await door.query(operations.projectArchive, { id: mine!.id });
    expect(await mine!.compare()).toEqual({ ahead: 0, behind: 0 });
    expect(await ofBob!.compare()).toEqual({ ahead: 0, behind: 0 });
  });

  it('13: who is in both organizations is told where the file lives, and can move it once it is archived there', async () => {
    const [mine] = await shared(ada, 'Scenario 13, moving', one!);
    const { body } = await new Http(ada.url).ask('/api/v1/organizations', {
      method: 'POST',
      headers: { authorization: `Bearer ${one!.session!.id}` },
      body: { name: 'Second' },
    });
    const { id: org } = body as { id: string };
    const personal = (await one!.organizations()).find(({ id }) => id === ada.place.org)!;
    const { id: project } = await until(
      () => one!.createTeamProject(org, 'Elsewhere').catch(() => undefined),
      (made) => made !== undefined,
    ).then((made) => made!);
    const record = await mine!.record();
    const variables = {
      name: 'Moved',
      id: mine!.id,
      rootDocumentId: record.root,
      teamId: org,
      teamProjectId: project,
      teamKeys: [{ accountId: ada.account.view.id, encSymmetricKey: '0'.repeat(512), autoLinked: false }],
    };
    const create = () => ada.door(one!).query(operations.createProject, variables);
    await expect(create()).rejects.toMatchObject({
      code: 'CONFLICT',
      text: `this file already lives in “${personal.display_name}”; archive it there first`,
    });
    expect(await mine!.compare()).toEqual({ ahead: 0, behind: 0 });
    await ada.door(one!).query(operations.projectArchive, { id: mine!.id });
    expect(await create()).toMatchObject({ id: mine!.id });
    expect(await one!.listed({ org, project })).toMatchObject([{ id: mine!.id, teams: [{ id: org }] }]);
  });

  it('14: a branch with a slash is listed, and master goes on', async () => {
    const [mine, theirs] = await shared(ada, 'Scenario 14', one!, two!);
    await mine!.fork('feature/one');
    await mine!.checkout('feature/one');
    await edit(mine!, 2, 'On the branch');
    await mine!.push();
    expect((await theirs!.remoteBranches()).sort()).toEqual(['feature/one', 'master']);
    await edit(theirs!, 3, 'On master');
    await theirs!.push();
    await mine!.checkout('master');
    await mine!.pull();
    expect(await names(mine!)).toContain('On master');
    expect(await names(mine!)).not.toContain('On the branch');
  });

  it('15: authors that nobody here knows are given back as claimed, and the pusher is on record', async () => {
    const [mine, theirs] = await shared(ada, 'Scenario 15', one!, two!);
    const door = ada.door(one!);
    const head = (await mine!.history()).at(-1)!;
    const stranger = `acct_${'f'.repeat(32)}`;
    const state = head.state.filter(({ name }) => name !== 'First');
    const foreign = {
      id: snapshotId(
        mine!.id,
        head.id,
        state.map(({ blob }) => blob),
      ),
      parent: head.id,
      created: '2019-05-06T07:08:09.010Z',
      author: stranger,
      name: 'From another cloud',
      description: 'with a description',
      state,
    };
    const [taken] = await door.query(operations.snapshotsPush, {
      projectId: mine!.id,
      branchName: 'master',
      snapshots: [foreign],
    });
    expect(taken).toEqual({ ...foreign, authorAccount: null });
    await theirs!.pull();
    expect((await theirs!.history()).at(-1)).toEqual({ ...foreign, authorAccount: null });
  });

  describe('17', () => {
    const refused = vectors.encryptedValues.messages.filter(({ server }) => server === 'refuse');
    const accepted = vectors.encryptedValues.messages.filter(({ server }) => server === 'accept');
    const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
    let file: DeviceFile;
    beforeAll(async () => ([file] = (await shared(ada, 'Scenario 17', one!)) as [DeviceFile]));
    const upload = (...contents: string[]) =>
      ada.door(one!).query(operations.blobsCreate, {
        projectId: file.id,
        blobs: contents.map((content, place) => ({ id: `${place}`.padStart(40, 'a'), content })),
      });
    const missing = async (n: number) => {
      const ids = Array.from({ length: n }, (_, place) => `${place}`.padStart(40, 'a'));
      const answer = await ada.door(one!).query(operations.missingBlobs, { projectId: file.id, ids });
      return answer.missing.length;
    };

    it.each(refused)('refuses a blob with $why, and all that came with it', async ({ value }) => {
      await expect(upload(text(accepted[0]!.value), text(value))).rejects.toMatchObject({
        code: 'INVALID_CIPHERTEXT',
      });
      expect(await missing(2)).toBe(2);
    });

    it('takes what the app writes', async () => {
      expect(await upload(...accepted.map(({ value }) => text(value)))).toEqual({ count: accepted.length });
      expect(await missing(accepted.length)).toBe(0);
    });
  });
});
