import { freshDatabase } from '@tidemark/testing';
import { StageTokens } from '@tidemark/transport';
import { findFile } from '../file/file.query.js';
import {
  BranchesOnPostgres,
  hashOf,
  NONE,
  snapshotId,
  snapshotIds,
  Someone,
} from '../../test/branches-on-postgres.js';
import { getBranch, listAccepted, listBranches } from './branch.query.js';
import { KNOWN } from './branch.sql.js';

const conflict = {
  code: 'HISTORY_CONFLICT',
  message: 'Remote history conflict. Please pull latest changes and try again',
};

let on: BranchesOnPostgres;
beforeAll(async () => (on = await BranchesOnPostgres.on(await freshDatabase())));
afterAll(() => on.stop());

interface Where {
  readonly org: string;
  readonly incarnation: string;
}
const listOf = async ({ org, incarnation }: Where, branch = 'master') =>
  (await getBranch(on.db, { org, incarnation, branch }))?.snapshots;
const acceptedOf = async (file: Where, snapshots: readonly string[]) =>
  (await listAccepted(on.db, { ...file, snapshots })).accepted;

/** Somebody with a file, and what its master holds. */
async function withMaster(length: number) {
  const me = new Someone(on);
  const file = await me.create();
  const ids = snapshotIds(length);
  if (length > 0) await me.push(file, ids);
  return { me, file, ids };
}

describe('a push (O1)', () => {
  it('makes the branch and goes on at its head', async () => {
    const { me, file, ids } = await withMaster(2);
    const [next] = snapshotIds(1) as [string];
    const pushed = await me.push(file, [next], ids[1]);
    expect(pushed.accepted).toEqual([{ id: next, hash: hashOf(next, me.account), pushedBy: me.account }]);
    expect(await listOf(file)).toEqual([...ids, next]);
    expect(await on.moves(me.org)).toEqual([
      expect.objectContaining({ snapshots: ids, length: 2 }),
      {
        file: file.file,
        incarnation: file.incarnation,
        project: file.project,
        branch: 'master',
        snapshots: [next],
        accepted: [{ id: next, hash: hashOf(next, me.account) }],
        length: 3,
      },
    ]);
  });

  it.each(['nothing', 'an older snapshot', 'a stranger'])(
    'is refused in fixed words when it follows %s, and changes nothing',
    async (what) => {
      const { me, file, ids } = await withMaster(2);
      const before = await on.events(me.org);
      const next = snapshotId();
      const parent = { nothing: NONE, 'an older snapshot': ids[0]! }[what] ?? snapshotId();
      await expect(me.push(file, [next], parent)).rejects.toMatchObject(conflict);
      expect(await listOf(file)).toEqual(ids);
      expect(await on.events(me.org)).toEqual(before);
      expect(await acceptedOf(file, [next])).toEqual([]);
    },
  );

  it('to a new branch must follow nothing, and leaves no branch behind', async () => {
    const { me, file } = await withMaster(0);
    await expect(me.push(file, [snapshotId()], snapshotId())).rejects.toMatchObject(conflict);
    expect(await listBranches(on.db, { ...file, withSnapshots: true })).toEqual([]);
    expect(await on.test.asOwner('select 1 from branches.branches where org = $1', [me.org])).toEqual([]);
  });

  it.each([
    ['no snapshot', []],
    ['one twice', ['a'.repeat(40), 'a'.repeat(40)]],
  ])('names %s: refused', async (_, ids) => {
    const { me, file } = await withMaster(0);
    await expect(me.push(file, ids)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('to an archived file is told that there is none', async () => {
    const { me, file, ids } = await withMaster(1);
    await me.archive(file);
    await expect(me.push(file, snapshotIds(1), ids[0])).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('invalid access'),
    });
  });

  it('keeps a branch under one name, whatever the capitals', async () => {
    const { me, file } = await withMaster(0);
    const [one, two] = snapshotIds(2) as [string, string];
    await me.push(file, [one], NONE, { branch: 'Feature/ONE' });
    await me.push(file, [two], one, { branch: 'feature/one' });
    expect(await listOf(file, 'FEATURE/one')).toEqual([one, two]);
    const names = (await listBranches(on.db, { ...file, withSnapshots: false })).map(({ name }) => name);
    expect(names).toEqual(['feature/one']);
    await expect(me.push(file, snapshotIds(1), NONE, { branch: 'a b' })).rejects.toMatchObject({
      code: 'BRANCH_NAME_INVALID',
    });
  });
});

describe('a push that comes again (O2)', () => {
  it('succeeds without effect, with the same answer and whatever its token', async () => {
    const { me, file } = await withMaster(3);
    const ids = snapshotIds(3);
    const [parent] = (await listOf(file))!.slice(-1);
    const first = await me.push(file, ids, parent);
    const before = await on.events(me.org);
    for (const token of [me.token(file, ids), 'worthless'])
      expect(await me.push(file, ids, parent, { token })).toEqual(first);
    expect(await me.push(file, ids.slice(1), ids[0])).toEqual({ accepted: first.accepted.slice(1) });
    expect(await on.events(me.org)).toEqual(before);
  });

  it.each([
    ['not at the end any more', (ids: string[]) => [ids.slice(0, 2), NONE] as const],
    ['only partly there', (ids: string[]) => [[ids[2]!, snapshotId()], ids[1]!] as const],
    ['there in another order', (ids: string[]) => [[ids[2]!, ids[1]!], ids[0]!] as const],
  ])('is a conflict when it is %s', async (_, pushOf) => {
    const { me, file, ids } = await withMaster(3);
    const [again, parent] = pushOf(ids);
    await expect(me.push(file, again, parent)).rejects.toMatchObject(conflict);
    expect(await listOf(file)).toEqual(ids);
  });

  it.each(['new to the file', 'known from another branch'])(
    'at the same moment, to a new branch, %s: all succeed, one has an effect',
    async (kind) => {
      const { me, file, ids: old } = await withMaster(2);
      const ids = kind === 'new to the file' ? snapshotIds(2) : old;
      const pushed = await Promise.all(
        Array.from({ length: 8 }, () => me.push(file, ids, NONE, { branch: 'fork' })),
      );
      expect(new Set(pushed.map((answer) => JSON.stringify(answer))).size).toBe(1);
      expect((await on.moves(me.org)).filter(({ branch }) => branch === 'fork')).toHaveLength(1);
      expect(await listOf(file, 'fork')).toEqual(ids);
    },
  );
});

describe('a push of what the file has already (O3)', () => {
  it('gives back whose it was first, on another branch too, and announces only what is new', async () => {
    const { me, file, ids } = await withMaster(2);
    const other = me.colleague();
    const fresh = snapshotId();
    const pushed = await other.push(file, [...ids, fresh], NONE, { branch: 'fork' });
    expect(pushed.accepted.map(({ pushedBy }) => pushedBy)).toEqual([me.account, me.account, other.account]);
    expect(pushed.accepted.map(({ hash }) => hash)).toEqual([
      ...ids.map((id) => hashOf(id, me.account)),
      hashOf(fresh, other.account),
    ]);
    const [forked] = (await on.moves(me.org)).filter(({ branch }) => branch === 'fork');
    expect(forked!.accepted).toEqual([{ id: fresh, hash: hashOf(fresh, other.account) }]);
  });

  it('needs no token for it', async () => {
    const { me, file, ids } = await withMaster(2);
    await me.push(file, ids, NONE, { branch: 'fork', token: 'worthless' });
    expect(await listOf(file, 'fork')).toEqual(ids);
  });

  it('to many branches at a time keeps one record of each', async () => {
    const { me, file } = await withMaster(0);
    const ids = snapshotIds(20);
    const people = Array.from({ length: 8 }, () => me.colleague());
    const answers = await Promise.all(
      people.map((one, n) => one.push(file, n % 2 ? ids : ids.toReversed(), NONE, { branch: `fork-${n}` })),
    );
    const records = await acceptedOf(file, ids);
    for (const [n, { accepted }] of answers.entries())
      expect(n % 2 ? accepted : accepted.toReversed()).toEqual(records);
    const announced = (await on.moves(me.org)).flatMap(({ accepted }) => accepted);
    expect(announced.map(({ id }) => id).sort()).toEqual(ids.toSorted());
    expect(Object.fromEntries(announced.map(({ id, hash }) => [id, hash]))).toEqual(
      Object.fromEntries(records.map(({ id, hash }) => [id, hash])),
    );
  });
});

describe('the token of a push', () => {
  const old = new StageTokens(Buffer.from('k'.repeat(32)), () => Date.now() - 3_601_000);
  const forged = new StageTokens(Buffer.from('f'.repeat(32)));

  it.each([
    ['is more than an hour old', old, {}],
    ['was sealed by somebody else', forged, {}],
    ['is another account’s', undefined, { account: `acct_${'f'.repeat(32)}` }],
    ['is for another incarnation', undefined, { incarnation: `inc_${'f'.repeat(32)}` }],
    ['is for another organization', undefined, { org: `org_${'f'.repeat(32)}` }],
    ['names other snapshots', undefined, { records: [] }],
  ])('that %s: the push is refused and says what to do', async (_, tokens, claims) => {
    const { me, file } = await withMaster(0);
    const id = snapshotId();
    const records = [{ id, hash: hashOf(id, me.account) }];
    const honest = { org: me.org, incarnation: file.incarnation, account: me.account, records };
    const token = (tokens ?? on.tokens).seal({ ...honest, ...claims });
    await expect(me.push(file, [id], NONE, { token })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('Push again'),
      details: [{ id }],
    });
    expect(await listOf(file)).toBeUndefined();
    expect(await acceptedOf(file, [id])).toEqual([]);
  });

  it('accepts nothing that is not pushed', async () => {
    const { me, file } = await withMaster(0);
    const [pushed, kept] = snapshotIds(2) as [string, string];
    await me.push(file, [pushed], NONE, { token: me.token(file, [pushed, kept]) });
    expect((await acceptedOf(file, [kept, pushed])).map(({ id }) => id)).toEqual([pushed]);
  });

  it('names the file anew on master, and on no other branch', async () => {
    const { me, file } = await withMaster(0);
    const [one, two, three] = snapshotIds(3) as [string, string, string];
    const nameNow = async () =>
      (await findFile(on.db, { file: file.file, orgs: [me.org] })).map(({ name }) => name);
    const push = (id: string, title: string, branch: string, parent = NONE) =>
      me.push(file, [id], parent, { branch, token: me.token(file, [id], title) });
    await push(one, 'Renamed', 'master');
    expect(await nameNow()).toEqual(['Renamed']);
    await push(two, 'Elsewhere', 'fork');
    expect(await nameNow()).toEqual(['Renamed']);
    await me.push(file, [three], one);
    expect(await nameNow()).toEqual(['Renamed']);
    await push(snapshotId(), `NUL \0 and half \ud800${'x'.repeat(2_000)}`, 'master', three);
    const [odd] = await nameNow();
    expect(odd).toMatch(/^NUL {2}and half \ufffdx+$/);
    expect(odd).toHaveLength(1_000);
  });
});

describe('many writers on one branch', () => {
  it('have exactly one winner, and the losers change nothing', async () => {
    const { me, file, ids } = await withMaster(1);
    const pushes = snapshotIds(32);
    const outcomes = await Promise.allSettled(
      pushes.map((id, n) => (n % 2 ? me : me.colleague()).push(file, [id], ids[0])),
    );
    const won = pushes.filter((_, n) => outcomes[n]!.status === 'fulfilled');
    expect(won).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject(conflict);
    expect(await listOf(file)).toEqual([ids[0], won[0]]);
    expect((await acceptedOf(file, pushes)).map(({ id }) => id)).toEqual(won);
  });

  it('go on for a hundred rounds', async () => {
    const { me, file } = await withMaster(0);
    const writers = Array.from({ length: 8 }, () => me.colleague());
    const history: string[] = [];
    let winners = 0;
    for (let round = 0; round < 100; round++) {
      const ids = snapshotIds(writers.length);
      const outcomes = await Promise.allSettled(
        writers.map((writer, n) => writer.push(file, [ids[n]!], history.at(-1) ?? NONE)),
      );
      const won = ids.filter((_, n) => outcomes[n]!.status === 'fulfilled');
      expect(won).toHaveLength(1);
      winners += won.length;
      history.push(...won);
      for (const outcome of outcomes)
        if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject(conflict);
    }
    const list = (await listOf(file))!;
    const lost = history.filter((id) => !list.includes(id)).length;
    const forks = list.filter((id, n) => id !== history[n]).length;
    console.log(`GATE R4 rounds=100 writers=8 winners=${winners} forks=${forks} lost=${lost}`);
    expect({ winners, forks, lost, length: list.length }).toEqual({
      winners: 100,
      forks: 0,
      lost: 0,
      length: 100,
    });
  });
});

describe('the cost of a push', () => {
  const STATEMENTS = 7;

  it('is the same for one snapshot and for a hundred, on a new branch and an old one', async () => {
    const { me, file } = await withMaster(0);
    const [hundred, one] = [snapshotIds(100), snapshotId()];
    expect(await on.statements(() => me.push(file, hundred))).toBe(STATEMENTS);
    expect(await on.statements(() => me.push(file, [one], hundred.at(-1)))).toBe(STATEMENTS);
    expect(await on.statements(() => me.push(file, [...hundred, one], NONE, { branch: 'fork' }))).toBe(
      STATEMENTS,
    );
    expect(await on.statements(() => me.push(file, [one], hundred.at(-1)))).toBe(3);
  });

  it('is the same where the branch has 10 000 snapshots', async () => {
    const { me, file } = await withMaster(0);
    let head = NONE;
    for (let n = 0; n < 10; n++) {
      const ids = snapshotIds(1_000);
      await me.push(file, ids, head);
      head = ids.at(-1)!;
    }
    expect(await on.statements(() => me.push(file, snapshotIds(1), head))).toBe(STATEMENTS);
    expect(await on.statements(async () => expect(await listOf(file)).toHaveLength(10_001))).toBe(1);
    expect(await planOf(me.org, file.incarnation)).toEqual([
      expect.stringContaining('(snapshot = asked.id)'),
      expect.stringContaining('(n = asked.n)'),
    ]);
  });

  /** What is looked up in an index for each snapshot of a push. */
  async function planOf(org: string, incarnation: string): Promise<string[]> {
    const rows = await on.db.tx({ tenant: org }, (tx) =>
      tx.query<{ 'QUERY PLAN': string }>(`explain ${KNOWN}`, [org, incarnation, 'master', [], []]),
    );
    return rows.map((row) => row['QUERY PLAN']).filter((line) => line.includes('Index Cond'));
  }
});
