import { MemoryStore, operations } from '@tidemark/device';
import { contents, names, person, request, rootOf, shared, type Person } from './support/people.js';

/** One file from its making to its end, on devices that speak only the desktop app's door. */
describe('the life of a file', () => {
  let ada: Person;
  beforeAll(async () => (ada = await person()));

  it('is made, changed, renamed, forked, merged, archived and made anew', async () => {
    const [one, two] = [await ada.device(), await ada.device()];
    const [mine, theirs] = await shared(ada, 'Engine', one, two);
    expect(await contents(theirs!)).toEqual(await contents(mine!));
    expect(mine!.state.is).toBe('synced');

    const listed = () => one.listed(ada.place).then((files) => files.filter(({ id }) => id === mine!.id));
    expect(await listed()).toMatchObject([
      { name: 'Engine', rootDocumentId: await rootOf(mine!), teams: [{ id: ada.place.org }] },
    ]);

    const workspace = (await mine!.document(await rootOf(mine!)))!;
    await mine!.put({ ...workspace, name: 'Analytical Engine' });
    await mine!.commit('Rename');
    await mine!.push();
    expect(await listed()).toMatchObject([{ name: 'Analytical Engine' }]);

    await theirs!.put(request(2, 'Second', await rootOf(mine!)));
    await theirs!.commit('Second');
    await expect(theirs!.push()).rejects.toThrow(
      'Remote history conflict. Please pull latest changes and try again',
    );
    await theirs!.pull();
    await theirs!.push();
    await mine!.pull();
    expect(await names(mine!)).toEqual(['Analytical Engine', 'Base Environment', 'First', 'Second']);
    expect((await mine!.history()).map(({ name }) => name)).toEqual([
      'Initial Snapshot',
      'A request',
      'Rename',
      'Synced latest changes from master',
    ]);

    await mine!.fork('Feature-1');
    await mine!.checkout('feature-1');
    await mine!.delete(request(2, '', '')._id);
    await mine!.commit('Away with it');
    await mine!.push();
    expect(await theirs!.remoteBranches()).toEqual(expect.arrayContaining(['master', 'feature-1']));
    await theirs!.checkout('feature-1');
    expect(await contents(theirs!)).toEqual(await contents(mine!));
    await theirs!.checkout('master');
    await theirs!.removeBranch('feature-1');
    expect(await theirs!.remoteBranches()).toEqual(['master']);

    await mine!.checkout('master');
    await mine!.archive();
    expect(await listed()).toEqual([]);
    expect(await two.restore()).toBeUndefined();
    await theirs!.put(request(3, 'Third', await rootOf(theirs!)));
    await theirs!.commit('Third');
    expect(await theirs!.push()).toEqual({ snapshots: 5, blobs: 6 });
    const three = await ada.device({ store: new MemoryStore() });
    await three.restore();
    expect(await contents(three.file(theirs!.id))).toEqual(await contents(theirs!));
  });

  it('answers a device with what it needs to know about its account', async () => {
    const { door } = { door: ada.door(await other()) };
    const organizations = await door.organizations();
    expect(organizations).toMatchObject([
      { id: ada.place.org, metadata: { organizationType: 'personal', ownerAccountId: ada.account.view.id } },
    ]);
    expect(await door.query(operations.teamMemberKeys, { teamId: ada.place.org })).toEqual({
      memberKeys: [
        { accountId: ada.account.view.id, publicKey: ada.account.view.publicKey, autoLinked: false },
      ],
    });
  });

  const other = async () => {
    const { items } = await ada.account.sessions();
    await ada.account.endSession(items.find(({ kind }) => kind === 'app')!.id);
    return ada.device();
  };
});
