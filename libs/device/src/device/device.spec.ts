import { Devices, names, request } from '../../test/devices.js';
import type { Conflict } from '../model/merge.js';
import { chooses } from '../model/merge.js';
import { MemoryStore } from '../store/memory-store.js';

describe('a device', () => {
  let all: Devices;
  beforeEach(() => void (all = new Devices()));

  it('pushes in the order of the protocol and then has nothing to push', async () => {
    const device = await all.device();
    const file = await device.createFile({ ...all.place, name: 'First' });
    expect(await file.push()).toEqual({ snapshots: 1, blobs: 2 });
    expect(all.server.calls).toEqual([
      'project',
      'teamMemberKeys',
      'createProject',
      'branch',
      'missingBlobs',
      'projectKey',
      'blobsCreate',
      'snapshotsPush',
    ]);
    expect(await file.push()).toEqual({ snapshots: 0, blobs: 0 });
  });

  it('brings back on another device what was pushed, document by document', async () => {
    const [one, other] = [await all.device(), await all.device()];
    const [mine, theirs] = await all.shared(one, other);
    expect(await theirs!.documents()).toEqual(await mine!.documents());
    expect(await theirs!.history()).toEqual(await mine!.history());
    expect((await theirs!.documents()).find(({ type }) => type === 'Workspace')?.['parentId']).toBe(
      all.server.project,
    );
  });

  it('never sends a private environment', async () => {
    const [one, other] = [await all.device(), await all.device()];
    const [mine, theirs] = await all.shared(one, other);
    await mine!.put({
      _id: 'env_p',
      type: 'Environment',
      parentId: 'env_0',
      name: 'Private',
      isPrivate: true,
    });
    expect(await mine!.changes()).toEqual([]);
    await mine!.put(request(2, 'Second'));
    await mine!.commit('Second');
    await mine!.push();
    await theirs!.pull();
    expect(await names(theirs!)).not.toContain('Private');
    expect(await names(mine!)).toContain('Private');
  });

  it('merges what two devices did to different documents', async () => {
    const [one, other] = [await all.device(), await all.device()];
    const [mine, theirs] = await all.shared(one, other);
    await mine!.put(request(1, 'Renamed'));
    await mine!.commit('Rename');
    await mine!.push();
    await theirs!.put(request(2, 'Second'));
    await theirs!.commit('Second');
    await expect(theirs!.push()).rejects.toThrow(
      'Remote history conflict. Please pull latest changes and try again',
    );
    expect(theirs!.state).toMatchObject({
      is: 'error',
      code: 'HISTORY_CONFLICT',
      remedy: 'Pull, then push again.',
    });
    expect(await theirs!.pull()).toEqual({ outcome: 'merged', conflicts: [] });
    expect(await theirs!.push()).toMatchObject({ snapshots: 1 });
    expect((await theirs!.history()).map(({ name }) => name)).toEqual([
      'Initial Snapshot',
      'A request',
      'Rename',
      'Synced latest changes from master',
    ]);
    await mine!.pull();
    expect(await mine!.documents()).toEqual(expect.arrayContaining(await theirs!.documents()));
  });

  describe('with a conflict', () => {
    let [mine, theirs]: Awaited<ReturnType<Devices['shared']>> = [];
    let conflict: Conflict;
    beforeEach(async () => {
      [mine, theirs] = await all.shared(await all.device(), await all.device());
      await mine!.put(request(1, 'Mine'));
      await mine!.commit('Mine');
      await mine!.push();
      await theirs!.put(request(1, 'Theirs'));
      await theirs!.commit('Theirs');
      const { outcome, conflicts } = await theirs!.pull();
      expect(outcome).toBe('conflicts');
      conflict = conflicts[0]!;
    });

    it('asks and changes nothing until it is answered', async () => {
      expect(conflict).toMatchObject({
        kind: 'changed on both sides',
        mine: { name: 'Theirs' },
        theirs: { name: 'Mine' },
        choices: ['mine', 'theirs', 'both'],
      });
      expect(await names(theirs!)).toContain('Theirs');
      expect((await theirs!.history()).at(-1)!.name).toBe('Theirs');
      expect(theirs!.state).toMatchObject({ is: 'error', code: 'CONFLICT' });
    });

    it.each([
      ['mine', ['Base Environment', 'Shared', 'Theirs']],
      ['theirs', ['Base Environment', 'Mine', 'Shared']],
      ['both', ['Base Environment', 'Mine (theirs)', 'Shared', 'Theirs']],
    ] as const)('keeps %s', async (take, kept) => {
      expect(await theirs!.pull({ choices: [chooses(conflict, take)] })).toMatchObject({ outcome: 'merged' });
      expect(await names(theirs!)).toEqual(kept);
      await theirs!.push();
      await mine!.pull();
      expect(await names(mine!)).toEqual(kept);
    });

    it('does not take an answer for versions that were not shown', async () => {
      await mine!.put(request(1, 'Mine again'));
      await mine!.commit('Again');
      await mine!.push();
      const { outcome, conflicts } = await theirs!.pull({ choices: [chooses(conflict, 'mine')] });
      expect(outcome).toBe('conflicts');
      expect(conflicts[0]!.theirs).toMatchObject({ name: 'Mine again' });
    });
  });

  it('refuses to merge over what is not committed, and leaves what does not collide', async () => {
    const [mine, theirs] = await all.shared(await all.device(), await all.device());
    await mine!.put(request(1, 'Renamed'));
    await mine!.commit('Rename');
    await mine!.push();
    await theirs!.put(request(1, 'Uncommitted'));
    await expect(theirs!.pull()).rejects.toThrow(
      'Please commit current changes or revert them before merging',
    );
    await theirs!.revert();
    await theirs!.put(request(2, 'New'));
    expect(await theirs!.pull()).toMatchObject({ outcome: 'fast-forward' });
    expect(await names(theirs!)).toEqual(['Base Environment', 'New', 'Renamed', 'Shared']);
    expect(await theirs!.changes()).toEqual([request(2, '')._id]);
  });

  it('sends 45 commits as 20, 20 and 5', async () => {
    const device = await all.device();
    const file = await device.createFile({ ...all.place, name: 'Long' });
    for (let n = 1; n < 45; n++) {
      await file.put(request(1, `Name ${n}`));
      await file.commit(`Commit ${n}`);
    }
    const sizes: number[] = [];
    all.server.between = ({ label, variables, go }) => {
      if (label === 'snapshotsPush') sizes.push(variables.snapshots.length);
      return go();
    };
    await file.push();
    expect(sizes).toEqual([20, 20, 5]);
  });

  it('uploads again only what the server lacks after a push that died half-way', async () => {
    const device = await all.device();
    const file = await device.createFile({ ...all.place, name: 'Half' });
    all.server.between = async ({ label, go }) => {
      if (label === 'snapshotsPush') throw new TypeError('fetch failed');
      return go();
    };
    await expect(file.push()).rejects.toMatchObject({ code: 'NOT_CONNECTED' });
    expect(device.state).toMatchObject({ is: 'offline', why: 'not connected' });
    all.server.between = ({ go }) => go();
    expect(await file.push()).toEqual({ snapshots: 1, blobs: 0 });
    expect(file.state.is).toBe('synced');
  });

  it('changes nothing when less comes than was asked for', async () => {
    const [mine, theirs] = await all.shared(await all.device(), await all.device());
    await mine!.put(request(2, 'Second'));
    await mine!.commit('Second');
    await mine!.push();
    for (const shortened of ['snapshots', 'blobs']) {
      all.server.between = async ({ label, go }) => {
        const response = await go();
        if (label !== shortened) return response;
        const { data } = (await response.json()) as { data: Record<string, unknown[]> };
        const less = { data: { [shortened]: data[shortened]!.slice(1) } };
        return new Response(JSON.stringify(less), { headers: { 'content-type': 'application/json' } });
      };
      await expect(theirs!.pull()).rejects.toMatchObject({ code: 'INTEGRITY' });
      expect(await names(theirs!)).toEqual(['Base Environment', 'First', 'Shared']);
    }
    all.server.between = ({ go }) => go();
    expect(await theirs!.pull()).toMatchObject({ outcome: 'fast-forward' });
  });

  it('forks, changes branches with what belongs to them, and removes a branch', async () => {
    const [mine, theirs] = await all.shared(await all.device(), await all.device());
    await mine!.fork('Feature/One');
    await mine!.checkout('feature/one');
    await mine!.put(request(2, 'On the branch'));
    await mine!.commit('On the branch');
    expect(await mine!.push()).toMatchObject({ snapshots: 3, blobs: 1 });
    await mine!.checkout('master');
    expect(await names(mine!)).not.toContain('On the branch');
    expect(await theirs!.remoteBranches()).toEqual(['master', 'feature/one']);
    await theirs!.checkout('feature/one');
    expect(await names(theirs!)).toContain('On the branch');
    await mine!.removeBranch('feature/one');
    expect(await mine!.branches()).toEqual(['master']);
    await expect(theirs!.pull()).rejects.toThrow('The remote branch "feature/one" does not exist');
    await expect(mine!.fork('ab')).rejects.toMatchObject({ code: 'BRANCH_NAME_INVALID' });
  });

  it('makes a file anew that was archived elsewhere, only when it is told to push', async () => {
    const [mine, theirs] = await all.shared(await all.device(), await all.device());
    await mine!.archive();
    await theirs!.put(request(2, 'Still here'));
    await theirs!.commit('Still here');
    await expect(theirs!.sync()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(theirs!.state).toMatchObject({ is: 'error', code: 'NOT_FOUND' });
    expect(await theirs!.push()).toEqual({ snapshots: 3, blobs: 4 });
    expect(theirs!.state.is).toBe('synced');
  });

  it('signs out only after it has listed what was not pushed, and leaves nothing of it', async () => {
    const store = new MemoryStore();
    const device = await all.device(store);
    const [file] = await all.shared(device);
    await file!.put(request(2, 'A marker in plain text'));
    await file!.commit('Not pushed');
    await file!.put(request(3, 'Not committed'));
    const refused = await device.signOut();
    expect(refused).toEqual({
      done: false,
      unpushed: [
        {
          file: file!.id,
          name: 'Shared',
          branch: 'master',
          commits: 1,
          changes: [request(3, '')._id],
          unsynced: [],
        },
      ],
    });
    expect(await names(file!)).toContain('Not committed');
    expect((await device.signOut({ discard: true })).done).toBe(true);
    expect(await store.list('accounts')).toEqual([]);
    expect(await store.read('session.json')).toBeUndefined();
    expect(device.state).toMatchObject({ is: 'offline', why: 'not signed in' });
    await expect(device.files()).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' });
  });

  it('lists what is never pushed before it is lost', async () => {
    const device = await all.device();
    const [file] = await all.shared(device);
    await file!.put({
      _id: 'env_p',
      type: 'Environment',
      parentId: 'env_0',
      name: 'Private',
      isPrivate: true,
    });
    expect(await device.signOut()).toMatchObject({
      done: false,
      unpushed: [{ commits: 0, unsynced: ['env_p'] }],
    });
  });

  it.each([0, 1, 2, 4, 8, 16, 32, 64])(
    'loses nothing that was called kept while somebody signs out, %i steps apart',
    async (steps) => {
      const device = await all.device();
      const [file] = await all.shared(device);
      const putting = file!.put(request(2, 'At the same moment')).then(
        () => 'kept',
        (error: { code: string }) => error.code,
      );
      for (let step = 0; step < steps; step++) await Promise.resolve();
      const leaving = device.signOut();
      const late = await Promise.allSettled([file!.put(request(3, 'Too late'))]);
      expect(late).toMatchObject([{ reason: { code: 'NOT_SIGNED_IN' } }]);
      const { done } = await leaving;
      expect([await putting, done]).toEqual(done ? ['NOT_SIGNED_IN', true] : ['kept', false]);
    },
  );

  it('keeps unpushed work when the server ends the session, for the next sign-in', async () => {
    const store = new MemoryStore();
    const device = await all.device(store);
    const [file] = await all.shared(device);
    await file!.put(request(2, 'Unpushed'));
    await file!.commit('Unpushed');
    all.server.endSession('ada-1');
    await expect(file!.push()).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    expect(device.state).toEqual({ is: 'offline', why: 'not signed in', text: 'Your session has ended.' });
    const again = await all.device(store, 'ada-2');
    expect(await again.file(file!.id).push()).toMatchObject({ snapshots: 1 });
  });

  it('is as it was after a restart', async () => {
    const store = new MemoryStore();
    const [file] = await all.shared(await all.device(store));
    await file!.put(request(2, 'Uncommitted'));
    const again = await all.open(store, 'ada-1');
    expect(again.state).toEqual({ is: 'connecting' });
    expect(await names(again.file(file!.id))).toContain('Uncommitted');
    await again.file(file!.id).compare();
    expect(again.state).toEqual({ is: 'syncing', why: 'changes to commit' });
  });

  it('brings all other files when one cannot be had, and says which and why', async () => {
    const one = await all.device();
    const [first, second] = [...(await all.shared(one)), ...(await all.shared(one))];
    const other = await all.device();
    all.server.between = async ({ label, variables, go }) => {
      const lost = label === 'projectKey' && variables.projectId === first!.id;
      return lost
        ? new Response('{"error":"INTERNAL","message":"Bad."}', {
            status: 500,
            headers: { 'content-type': 'application/json' },
          })
        : go();
    };
    await other.restore();
    expect((await other.files()).map(({ id }) => id)).toEqual([second!.id]);
    expect(other.file(second!.id).state.is).toBe('synced');
    expect(other.file(first!.id).state).toMatchObject({ is: 'error', code: 'INTERNAL', text: 'Bad.' });
    expect(other.state.is).toBe('error');
    all.server.between = ({ go }) => go();
    await other.restore();
    expect(other.state.is).toBe('synced');
  });

  it('imports the scratch pad twice without doubles', async () => {
    const store = new MemoryStore();
    const device = await all.open(store, 'ada-1');
    await device.scratchPad.put(request(1, 'One'), request(2, 'Two'));
    await device.signInWith({ ...all.session, id: 'ada-1' });
    const first = await device.importScratchPad(all.place);
    expect(first).toMatchObject({ changed: 3, conflicts: [] });
    const file = device.file(first.file);
    await file.push();
    expect(await device.importScratchPad(all.place)).toEqual({ file: first.file, changed: 0, conflicts: [] });

    await file.put(request(1, 'One, changed in the file'));
    await file.delete(request(2, '')._id);
    await file.commit('Changed');
    await device.scratchPad.put(request(3, 'Three'));
    expect(await device.importScratchPad(all.place)).toMatchObject({ changed: 1 });
    expect(await names(file)).toEqual(['One, changed in the file', 'Scratch Pad', 'Three']);
    await file.push();
    expect(all.server.files.size).toBe(1);
  });

  it('asks when the scratch pad and the file changed the same document', async () => {
    const device = await all.device();
    await device.scratchPad.put(request(1, 'One'));
    const { file: id } = await device.importScratchPad(all.place);
    await device.file(id).put(request(1, 'In the file'));
    await device.file(id).commit('Changed');
    await device.scratchPad.put(request(1, 'In the pad'));
    const { conflicts } = await device.importScratchPad(all.place);
    expect(conflicts).toMatchObject([{ mine: { name: 'In the file' }, theirs: { name: 'In the pad' } }]);
    await device.importScratchPad(all.place, [chooses(conflicts[0]!, 'both')]);
    expect(await names(device.file(id))).toEqual(['In the file', 'In the pad (theirs)', 'Scratch Pad']);
    expect(await device.importScratchPad(all.place)).toMatchObject({ changed: 0, conflicts: [] });
  });
});
