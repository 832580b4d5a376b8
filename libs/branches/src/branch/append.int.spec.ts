import { freshDatabase } from '@tidemark/testing';
import { getBranch, listAccepted, listBranches } from './branch.query.js';
import {
  BranchesOnPostgres,
  hashOf,
  NONE,
  snapshotId,
  snapshotIds,
  Someone,
} from '../../test/branches-on-postgres.js';

describe('pushing to a branch, on a real Postgres', () => {
  let on: BranchesOnPostgres;
  beforeAll(async () => (on = await BranchesOnPostgres.on(await freshDatabase())));
  afterAll(() => on.stop());

  const listOf = async ({ org, incarnation }: { org: string; incarnation: string }, branch = 'master') =>
    (await getBranch(on.db, { org, incarnation, branch }))?.snapshots;

  it('makes the branch and goes on at its head (O1)', async () => {
    const me = new Someone(on);
    const file = await me.create();
    const ids = snapshotIds(5);
    const pushed = await me.push(file, ids.slice(0, 2));
    expect(pushed.accepted).toEqual(
      ids.slice(0, 2).map((id) => ({ id, hash: hashOf(id, me.account), pushedBy: me.account })),
    );
    await me.push(file, ids.slice(2), ids[1]);
    expect(await listOf(file)).toEqual(ids);
    expect(await on.events(me.org)).toEqual(['BranchHeadMoved', 'BranchHeadMoved', 'FileCreated']);
  });

  it.each([
    ['nothing', NONE],
    ['an older snapshot', 'first'],
    ['a snapshot of nowhere', 'elsewhere'],
  ])('is refused in fixed words when it follows %s, and changes nothing (O1)', async (_, parent) => {
    const me = new Someone(on);
    const file = await me.create();
    const [first, second, third] = snapshotIds(3) as [string, string, string];
    await me.push(file, [first, second]);
    const before = await on.events(me.org);
    const wrong = { first, elsewhere: snapshotId() }[parent] ?? parent;
    await expect(me.push(file, [third], wrong)).rejects.toMatchObject({
      code: 'HISTORY_CONFLICT',
      message: 'Remote history conflict. Please pull latest changes and try again',
    });
    expect(await listOf(file)).toEqual([first, second]);
    expect(await on.events(me.org)).toEqual(before);
    expect((await listAccepted(on.db, { ...file, snapshots: [third] })).accepted).toEqual([]);
  });

  it('to a new branch must follow nothing', async () => {
    const me = new Someone(on);
    const file = await me.create();
    await expect(me.push(file, [snapshotId()], snapshotId())).rejects.toMatchObject({
      code: 'HISTORY_CONFLICT',
    });
    expect(await listBranches(on.db, { ...file, withSnapshots: true })).toEqual([]);
  });
});
