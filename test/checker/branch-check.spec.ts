import { badBranches } from './bad-branch-histories.js';
import { checkBranches, countBranches } from './branch-check.mjs';
import { goodBranches, push, read } from './branch-history.builder.js';
import { readBranchHistory, type BranchHistory } from './branch-history.mjs';

const rulesBroken = (history: BranchHistory) => [...new Set(checkBranches(history).map(({ rule }) => rule))];

const all = ['a', 'b', 'c', 'd', 'e'];
const conflict = { outcome: 'failed', code: 'HISTORY_CONFLICT' } as const;

const goodOnes: [string, (history: BranchHistory) => void][] = [
  ['every end there is', () => undefined],
  ['records in another order', ({ pushes, reads }) => [pushes.reverse(), reads.reverse()]],
  ['an unknown end that shows late', ({ reads }) => reads.push(read(80, [...all, 'y']))],
  [
    'a push that is seen while it runs, and not by another reader at the same time',
    ({ reads }) => reads.push(read(11, ['a'], { to: 14 }), read(12, [], { to: 13 })),
  ],
  [
    'a slow read that began before the push and ends long after it',
    ({ reads }) => reads.push(read(5, [], { to: 60 }), read(5, all, { to: 60 })),
  ],
  [
    'a read that begins in the instant of the acknowledgement',
    ({ reads }) => reads.push(read(45, ['a', 'b', 'c', 'd'])),
  ],
  [
    'an unknown end, acknowledged when repeated',
    ({ pushes, reads }) => {
      pushes.push(push(75, 'e', ['y']));
      reads.push(read(90, [...all, 'y']));
    },
  ],
  [
    'an acknowledged push repeated, refused because the branch went on',
    ({ pushes }) => pushes.push(push(50, 'd', ['e'], { outcome: 'failed' })),
  ],
  [
    'an unknown end, continued in one push with what came after it',
    ({ pushes, reads }) => {
      pushes.push(push(75, 'e', ['y', 'z']));
      reads.push(read(76, [...all, 'y'], { to: 77 }), read(90, [...all, 'y', 'z']));
    },
  ],
  ['the same element pushed by two clients at once', ({ pushes }) => pushes.push(push(41, 'd', ['e']))],
  [
    'a conflict with a push whose end is unknown',
    ({ pushes }) => pushes.push(push(51, 'e', ['z'], conflict)),
  ],
  [
    'a conflict over a parent that may never have been there',
    ({ pushes }) => pushes.push(push(80, 'y', ['z'], conflict)),
  ],
  [
    'a conflict with the middle of a longer push',
    ({ pushes }) => pushes.push(push(26, 'b', ['z'], conflict)),
  ],
  [
    'a refusal for another reason than a conflict',
    ({ pushes }) => pushes.push(push(80, 'e', ['z'], { outcome: 'failed', code: 'UNAVAILABLE' })),
  ],
  [
    'conflicts with one that began at the last instant, or with the earlier of two',
    ({ pushes }) => {
      const fork = { branch: 'fork', outcome: 'unknown' } as const;
      pushes.push(push(81, 'a', ['p'], fork), push(95, 'a', ['q'], fork));
      for (const from of [76, 82]) pushes.push(push(from, 'a', ['z'], { ...fork, ...conflict }));
    },
  ],
  [
    'a conflict over a parent that is acknowledged in the same instant',
    ({ pushes }) => pushes.push(push(65, 'a', ['z'], { branch: 'fork', ...conflict })),
  ],
  [
    'calls of which one ends in the instant in which the next begins',
    ({ pushes, reads }) => {
      pushes.push(push(5, null, ['p'], { branch: 'third' }), push(0, 'p', ['q'], { branch: 'third' }));
      const third = (from: number, ids: string[]) => reads.push(read(from, ids, { branch: 'third' }));
      third(0, ['p', 'q']);
      third(5, []);
      third(20, ['p', 'q']);
    },
  ],
  [
    'reads that came to no end',
    ({ reads }) => reads.push(read(80, [], { outcome: 'unknown' }), read(80, ['?'], { outcome: 'failed' })),
  ],
];

describe('the checker of branches accepts', () => {
  it.each(goodOnes)('%s', (_, vary) => {
    const history = goodBranches();
    vary(history);
    expect(checkBranches(history)).toEqual([]);
  });
});

describe('the checker of branches rejects a history in which', () => {
  it.each(badBranches)('$name', ({ spoil, breaks }) => {
    const history = goodBranches();
    spoil(history);
    expect(rulesBroken(history).sort()).toEqual([...breaks].sort());
  });

  it('any one acknowledged push is missing', () => {
    for (const index of [0, 1, 4, 6]) {
      const history = goodBranches();
      history.pushes.splice(index, 1);
      expect(rulesBroken(history)).toContain('nobody-pushed');
    }
  });

  it('has a rule for each way to break it', () => {
    const rules = new Set(badBranches.flatMap(({ breaks }) => breaks));
    expect(badBranches.length).toBeGreaterThanOrEqual(20);
    expect([...rules].sort()).toEqual([
      'acknowledged-lost',
      'against-real-time',
      'conflict-with-nobody',
      'element-twice',
      'failed-present',
      'never-read-again',
      'nobody-pushed',
      'not-a-prefix',
      'not-after-its-parent',
      'push-torn',
      'read-before-push',
      'read-went-back',
      'two-parents',
      'two-winners',
    ]);
  });
});

describe('a history of branches', () => {
  const good = { kind: 'push', ...push(1, null, ['a']) };
  const lineOf = (record: object) => [JSON.stringify(record)];

  it('is read from lines of JSON, empty ones aside, forty zeros being no parent', () => {
    const zeros = { ...good, parent: '0'.repeat(40) };
    const lines = ['', ...lineOf(zeros), ...lineOf({ kind: 'read', ...read(9, ['a']) }), ''];
    const history = readBranchHistory(lines);
    expect(history.pushes[0]).toMatchObject({ parent: null, ids: ['a'] });
    expect(history.reads[0]).toMatchObject({ from: 9, ids: ['a'] });
    expect(checkBranches(history)).toEqual([]);
  });

  it('is counted: elements by their end, reads by the one before', () => {
    expect(countBranches(goodBranches())).toEqual({
      branches: 2,
      acknowledged: 5,
      failed: 1,
      unknown: 2,
      reads: 7,
      comparisons: 5,
    });
  });

  it.each(['{"kind":"push"', 'null', '{"kind":"wish"}'])('is not read with %s in it', (line) =>
    expect(() => readBranchHistory([...lineOf(good), line])).toThrow('line 2: '),
  );

  it.each(['branch', 'outcome', 'from', 'to', 'ids', 'parent'])('is not read without %s', (field) =>
    expect(() => readBranchHistory(lineOf({ ...good, [field]: undefined }))).toThrow('push with a wrong'),
  );

  it.each([
    ['time', { to: 0 }],
    ['outcome', { outcome: 'perhaps' }],
    ['list of ids', { ids: [] }],
    ['list of ids', { ids: ['a', 'a'] }],
    ['list of ids', { ids: ['a', 1] }],
    ['list of ids', { kind: 'read', ids: null }],
  ])('is not read with a wrong %s: %j', (what, wrong) =>
    expect(() => readBranchHistory(lineOf({ ...good, ...wrong }))).toThrow(`with a wrong ${what}`),
  );
});
