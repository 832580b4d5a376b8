import { newCommandId } from '@tidemark/contracts';
import { freshDatabase } from '@tidemark/testing';
import { BranchesOnPostgres, NONE, snapshotIds, Someone } from '../../test/branches-on-postgres.js';
import { getBranch, listAccepted, listBranches } from './branch.query.js';

let on: BranchesOnPostgres;
beforeAll(async () => (on = await BranchesOnPostgres.on(await freshDatabase())));
afterAll(() => on.stop());

/** A file with master and a fork of it. */
async function withFork() {
  const me = new Someone(on);
  const file = await me.create();
  const ids = snapshotIds(3);
  await me.push(file, ids);
  await me.push(file, ids, NONE, { branch: 'fork' });
  const namesNow = async () =>
    (await listBranches(on.db, { ...file, withSnapshots: false })).map(({ name }) => name);
  const forkNow = () => getBranch(on.db, { ...file, branch: 'fork' });
  const removals = async () => (await on.events(me.org)).filter((type) => type === 'BranchRemoved').length;
  return { me, file, ids, namesNow, forkNow, removals };
}

describe('removing a branch', () => {
  it('takes it off the list and leaves the others and what the file has accepted', async () => {
    const { me, file, ids, namesNow, forkNow, removals } = await withFork();
    await me.remove(file, 'Fork');
    expect([await namesNow(), await forkNow(), await removals()]).toEqual([['master'], null, 1]);
    expect((await listAccepted(on.db, { ...file, snapshots: ids })).accepted).toHaveLength(3);
    expect((await getBranch(on.db, { ...file, branch: 'master' }))?.snapshots).toEqual(ids);
  });

  it('may be said again, by the same command or another one', async () => {
    const { me, file, removals } = await withFork();
    const command = newCommandId();
    await Promise.all([1, 2, 3].map(() => me.remove(file, 'fork', command)));
    await me.remove(file, 'fork');
    expect(await removals()).toBe(1);
  });

  it('lets it be pushed anew, from nothing, in the same stream', async () => {
    const { me, file, ids, forkNow } = await withFork();
    const before = (await forkNow())!.created;
    await me.remove(file, 'fork');
    const [other] = snapshotIds(1) as [string];
    await expect(me.push(file, [other], ids.at(-1), { branch: 'fork' })).rejects.toMatchObject({
      code: 'HISTORY_CONFLICT',
    });
    await me.push(file, [other], NONE, { branch: 'fork' });
    const fork = (await forkNow())!;
    expect(fork.snapshots).toEqual([other]);
    expect(fork.created > before).toBe(true);
    const versions = await on.test.asOwner(
      `select version from branches.events where org = $1 and stream like '%-fork'`,
      [me.org],
    );
    expect(versions).toHaveLength(3);
  });

  it('that comes late does not remove what was pushed since', async () => {
    const { me, file, ids, forkNow } = await withFork();
    const command = newCommandId();
    await me.remove(file, 'fork', command);
    await me.push(file, ids, NONE, { branch: 'fork' });
    await me.remove(file, 'fork', command);
    expect((await forkNow())?.snapshots).toEqual(ids);
  });

  it.each(['never-pushed', 'a b', '', 'x'.repeat(200)])('that is not there (%j) succeeds', async (name) => {
    const { me, file, removals } = await withFork();
    await me.remove(file, name);
    expect(await removals()).toBe(0);
  });

  it('of a file that is not there succeeds, master too', async () => {
    const { me, file, removals } = await withFork();
    await me.archive(file);
    for (const name of ['fork', 'master', 'never-pushed']) await me.remove(file, name);
    expect(await removals()).toBe(0);
  });

  it.each(['master', 'Master'])('is refused for %s', async (name) => {
    const { me, file, namesNow } = await withFork();
    await expect(me.remove(file, name)).rejects.toMatchObject({
      code: 'BRANCH_NAME_INVALID',
      message: expect.stringContaining('delete the whole file'),
    });
    expect(await namesNow()).toEqual(['fork', 'master']);
  });

  it('while others push to it leaves it as one of them left it', async () => {
    const { me, file, ids, forkNow } = await withFork();
    for (let round = 0; round < 10; round++) {
      const next = snapshotIds(1);
      const [pushed] = await Promise.allSettled([
        me.push(file, next, ids.at(-1), { branch: 'fork' }),
        me.remove(file, 'fork'),
      ]);
      // Removed last, or refused because there was nothing to follow any more.
      expect(await forkNow()).toBeNull();
      if (pushed.status === 'rejected') expect(pushed.reason).toMatchObject({ code: 'HISTORY_CONFLICT' });
      await me.push(file, ids, NONE, { branch: 'fork' });
    }
  });

  it('costs as many statements for a long branch as for a short one', async () => {
    const { me, file } = await withFork();
    const long = snapshotIds(1_000);
    await me.push(file, long, NONE, { branch: 'long' });
    const short = await on.statements(() => me.remove(file, 'fork'));
    expect(await on.statements(() => me.remove(file, 'long'))).toBe(short);
  });
});
