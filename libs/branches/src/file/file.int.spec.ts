import { newCommandId, newProjectId, type FileView } from '@tidemark/contracts';
import { verifyFolds } from '@tidemark/event-store';
import { freshDatabase } from '@tidemark/testing';
import { BranchesOnPostgres, fileId, NONE, snapshotIds, Someone } from '../../test/branches-on-postgres.js';
import { getBranch, listAccepted, listBranches } from '../branch/branch.query.js';
import { CLAIM } from '../branch/branch.sql.js';
import { deciderOf } from '../decider-of.js';
import { fileKey, findFile, listFiles } from './file.query.js';

let on: BranchesOnPostgres;
beforeAll(async () => (on = await BranchesOnPostgres.on(await freshDatabase())));
afterAll(() => on.stop());

const absent = { code: 'NOT_FOUND', message: expect.stringContaining('invalid access') };
const key = (digit: string) => digit.repeat(512);
const find = (file: FileView, ...people: Someone[]) =>
  findFile(on.db, { file: file.file, orgs: people.map(({ org }) => org) });
const list = ({ org }: Someone, project?: string) =>
  listFiles(on.db, project === undefined ? { org } : { org, project });
const same = ({ project, file, root, name }: FileView) => ({ project, file, root, name });

describe('creating a file', () => {
  it('makes it found, listed and openable by whom it has a key for', async () => {
    const me = new Someone(on);
    const friend = me.colleague();
    const keys = [
      { account: me.account, key: key('a') },
      { account: friend.account, key: key('b') },
    ];
    const file = await me.create({ keys });
    expect(file).toMatchObject({ org: me.org, name: 'Petstore', root: 'wrk_1' });
    expect(await find(file, me, new Someone(on))).toEqual([file]);
    expect(await list(me)).toEqual([file]);
    expect(await fileKey(on.db, file, me.account)).toEqual({ key: key('a') });
    expect(await fileKey(on.db, file, friend.account)).toEqual({ key: key('b') });
    expect(await fileKey(on.db, file, new Someone(on).account)).toEqual({ key: null });
  });

  it('may be said again: the file stays what it is, keys and name included (O11)', async () => {
    const me = new Someone(on);
    const file = await me.create();
    const mine = await fileKey(on.db, file, me.account);
    const again = await me.create({
      ...same(file),
      name: 'Another name',
      keys: [{ account: me.account, key: key('f') }],
    });
    expect(again).toEqual(file);
    expect(await fileKey(on.db, file, me.account)).toEqual(mine);
    expect(await on.events(me.org)).toEqual(['FileCreated']);
  });

  it('happens once, however many do it at the same time', async () => {
    const me = new Someone(on);
    const wanted = { file: fileId(), project: newProjectId() };
    const made = await Promise.all(Array.from({ length: 16 }, () => me.create(wanted)));
    expect(new Set(made.map(({ incarnation }) => incarnation)).size).toBe(1);
    expect(await on.events(me.org)).toEqual(['FileCreated']);
  });

  it.each([
    ['another root', { root: 'wrk_2' }],
    ['another project', { project: newProjectId() }],
  ])('with %s tells nothing of the one that is there', async (_, other) => {
    const me = new Someone(on);
    const file = await me.create();
    await expect(me.create({ ...same(file), ...other })).rejects.toMatchObject(absent);
    expect(await list(me)).toEqual([file]);
  });

  it('without a key for oneself is refused, and makes nothing', async () => {
    const me = new Someone(on);
    const keys = [{ account: me.colleague().account, key: key('a') }];
    await expect(me.create({ keys })).rejects.toMatchObject({ code: 'KEYS_INCOMPLETE' });
    expect(await list(me)).toEqual([]);
  });

  it('with two keys for one account is refused', async () => {
    const me = new Someone(on);
    const keys = [key('a'), key('b')].map((one) => ({ account: me.account, key: one }));
    await expect(me.create({ keys })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('costs as many statements with a thousand keys as with one', async () => {
    const me = new Someone(on);
    const keys = Array.from({ length: 1_000 }, () => ({ account: me.colleague().account, key: key('c') }));
    const few = await on.statements(() => me.create());
    const many = await on.statements(() =>
      me.create({ keys: [{ account: me.account, key: key('a') }, ...keys] }),
    );
    expect([few, many]).toEqual([5, 5]);
  });
});

describe('the same id in several organizations', () => {
  it('is as many files, none of which disturbs another', async () => {
    const people = [new Someone(on), new Someone(on), new Someone(on)] as const;
    const [me, you, them] = people;
    const file = await me.create();
    const yours = await you.create(same(file));
    await them.create(same(file));
    expect(yours.incarnation).not.toBe(file.incarnation);
    expect(await find(file, me)).toEqual([file]);
    expect(await find(file, you)).toEqual([yours]);
    expect(await find(file, me, you)).toHaveLength(2);
    expect(await find(file, ...people)).toHaveLength(3);
    expect(await find(file)).toEqual([]);
    await you.archive(yours);
    expect(await find(file, me, you)).toEqual([file]);
  });

  it('is not counted without end', async () => {
    const people = Array.from({ length: 10 }, () => new Someone(on));
    const file = await people[0]!.create();
    for (const person of people.slice(1)) await person.create(same(file));
    expect(await find(file, ...people)).toHaveLength(8);
  });

  it('costs one statement to find', async () => {
    const people = [new Someone(on), new Someone(on)] as const;
    const file = await people[0].create();
    await people[1].create(same(file));
    expect(await on.statements(() => find(file, ...people))).toBe(1);
  });
});

describe('another organization', () => {
  it('has nothing of a file, even where its incarnation is known', async () => {
    const me = new Someone(on);
    const file = await me.create();
    const ids = snapshotIds(2);
    await me.push(file, ids);
    const stranger = new Someone(on);
    const theirs = { org: stranger.org, incarnation: file.incarnation };
    expect(await list(stranger)).toEqual([]);
    expect(await listBranches(on.db, { ...theirs, withSnapshots: true })).toEqual([]);
    expect(await getBranch(on.db, { ...theirs, branch: 'master' })).toBeNull();
    await expect(fileKey(on.db, theirs, me.account)).rejects.toMatchObject(absent);
    await expect(listAccepted(on.db, { ...theirs, snapshots: ids })).rejects.toMatchObject(absent);
    await expect(stranger.push(file, snapshotIds(1), ids[1])).rejects.toMatchObject(absent);
    await stranger.archive(file);
    await stranger.remove(file, 'master');
    expect(await find(file, me)).toEqual([file]);
    expect((await getBranch(on.db, { ...file, branch: 'master' }))?.snapshots).toEqual(ids);
  });
});

describe('archiving a file', () => {
  it('makes it absent for every question', async () => {
    const me = new Someone(on);
    const file = await me.create();
    const ids = snapshotIds(2);
    await me.push(file, ids);
    await me.archive(file);
    expect(await find(file, me)).toEqual([]);
    expect(await list(me)).toEqual([]);
    expect(await listBranches(on.db, { ...file, withSnapshots: true })).toEqual([]);
    expect(await getBranch(on.db, { ...file, branch: 'master' })).toBeNull();
    await expect(fileKey(on.db, file, me.account)).rejects.toMatchObject(absent);
    await expect(listAccepted(on.db, { ...file, snapshots: ids })).rejects.toMatchObject(absent);
  });

  it('may be said again, and of what never was (O10)', async () => {
    const me = new Someone(on);
    const file = await me.create();
    const command = newCommandId();
    await Promise.all([1, 2, 3, 4].map(() => me.archive(file, command)));
    await me.archive(file);
    await me.archive({ ...file, incarnation: `inc_${'0'.repeat(32)}` });
    expect(await on.events(me.org)).toEqual(['FileCreated', 'FileArchived']);
  });

  it('lets its id begin anew, with nothing of the old one', async () => {
    const me = new Someone(on);
    const old = await me.create();
    const ids = snapshotIds(2);
    await me.push(old, ids);
    await me.archive(old);
    const again = await me.create({ ...same(old), keys: [{ account: me.account, key: key('e') }] });
    expect(again.incarnation).not.toBe(old.incarnation);
    expect(await find(old, me)).toEqual([again]);
    expect(await listBranches(on.db, { ...again, withSnapshots: true })).toEqual([]);
    expect((await listAccepted(on.db, { ...again, snapshots: ids })).accepted).toEqual([]);
    expect(await fileKey(on.db, again, me.account)).toEqual({ key: key('e') });
    await me.push(again, ids);
    expect((await on.moves(me.org)).map(({ accepted }) => accepted.length)).toEqual([2, 2]);
  });

  it('waits for whoever pushes; another push and a new name do not', async () => {
    const me = new Someone(on);
    const file = await me.create();
    const lock = (strength: string) =>
      on.db.tx({ tenant: me.org }, (tx) =>
        tx.query(`select 1 from files where org = $1 and incarnation = $2 for ${strength} nowait`, [
          me.org,
          file.incarnation,
        ]),
      );
    await on.db.tx({ tenant: me.org }, async (tx) => {
      await tx.query(CLAIM, [me.org, file.incarnation, 'master', new Date().toISOString()]);
      await expect(lock('update')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      await expect(lock('no key update')).resolves.toHaveLength(1);
      await expect(lock('key share')).resolves.toHaveLength(1);
    });
  });

  it('while somebody pushes leaves no push behind it', async () => {
    const me = new Someone(on);
    for (let round = 0; round < 10; round++) {
      const file = await me.create();
      const [pushed] = await Promise.allSettled([me.push(file, snapshotIds(1)), me.archive(file)]);
      if (pushed.status === 'rejected') expect(pushed.reason).toMatchObject(absent);
      await on.sequence();
      const events = (await on.log.read(0, 10_000)).filter(({ data }) =>
        JSON.stringify(data).includes(file.incarnation),
      );
      const moved = pushed.status === 'fulfilled' ? ['BranchHeadMoved'] : [];
      expect(events.map(({ type }) => type).sort()).toEqual([...moved, 'FileArchived', 'FileCreated']);
      await expect(me.push(file, snapshotIds(1), NONE)).rejects.toMatchObject(absent);
    }
  });
});

describe('the list of files', () => {
  it('is in the order of their creation, whole or of one project', async () => {
    const me = new Someone(on);
    const [here, there] = [newProjectId(), newProjectId()];
    const files = [];
    for (const project of [here, there, here]) files.push(await me.create({ project }));
    expect((await list(me)).map(({ file }) => file)).toEqual(files.map(({ file }) => file));
    expect((await list(me, here)).map(({ file }) => file)).toEqual([files[0]!.file, files[2]!.file]);
    expect(await list(me, newProjectId())).toEqual([]);
  });

  it('is whole or an error', async () => {
    const me = new Someone(on);
    const fill = (from: number, to: number) =>
      on.test.asOwner(
        `insert into branches.files (org, incarnation, file, project, root, name, created_at)
         select $1, 'inc_' || n, 'prj_' || n, 'proj_1', 'wrk_1', '', now() from generate_series($2::int, $3::int) n`,
        [me.org, from, to],
      );
    await fill(1, 10_000);
    expect(await list(me)).toHaveLength(10_000);
    await fill(10_001, 10_001);
    await expect(list(me)).rejects.toMatchObject({ code: 'TOO_LARGE' });
  });
});

it('every stored state is what its events say', async () => {
  const me = new Someone(on);
  const file = await me.create();
  await me.push(file, snapshotIds(3));
  await me.push(file, snapshotIds(2), NONE, { branch: 'fork' });
  await me.remove(file, 'fork');
  await on.sequence();
  const { streams, differing } = await verifyFolds(on.store, on.log, deciderOf);
  expect(streams).toBeGreaterThanOrEqual(3);
  expect(differing).toEqual([]);
});
