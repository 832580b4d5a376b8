import { push, read, type goodBranches } from './branch-history.builder.js';

type Whole = ReturnType<typeof goodBranches>;

export interface BadBranches {
  name: string;
  /** Every rule that this history breaks, and no other. */
  breaks: string[];
  spoil: (history: Whole) => void;
}

const bad = (name: string, breaks: string[], spoil: BadBranches['spoil']): BadBranches => ({
  name,
  breaks,
  spoil,
});

/** The last two reads of the longer branch see something else. */
function readAtLast({ reads }: Whole, before: string[], last: string[]): void {
  reads[4]!.ids = before;
  reads[5]!.ids = last;
}

const all = ['a', 'b', 'c', 'd', 'e'];

export const badBranches: BadBranches[] = [
  // Acknowledged and lost
  bad('the last acknowledged push is gone', ['acknowledged-lost'], (history) =>
    readAtLast(history, ['a', 'b', 'c', 'd'], ['a', 'b', 'c', 'd']),
  ),
  bad('an acknowledged push is seen once and then gone', ['acknowledged-lost', 'read-went-back'], (history) =>
    readAtLast(history, all, ['a', 'b', 'c', 'd']),
  ),
  bad(
    'the whole branch is gone',
    ['acknowledged-lost', 'read-went-back'],
    ({ reads }) => (reads[5]!.ids = []),
  ),
  bad('a branch was never there after its push', ['acknowledged-lost'], ({ reads }) => (reads[6]!.ids = [])),
  bad(
    'a read right after an acknowledgement comes from a replica behind',
    ['acknowledged-lost'],
    ({ reads }) => reads.push(read(46, ['a', 'b', 'c', 'd'])),
  ),
  bad('a push that was repeated until it was acknowledged is gone', ['acknowledged-lost'], ({ pushes }) =>
    pushes.push(push(56, 'e', ['y'])),
  ),
  bad(
    'an element of the middle is gone',
    ['acknowledged-lost', 'not-a-prefix', 'not-after-its-parent', 'push-torn', 'read-went-back'],
    (history) => readAtLast(history, all, ['a', 'b', 'd', 'e']),
  ),
  bad('nobody looked again after the last acknowledgement', ['never-read-again'], ({ reads }) =>
    reads.splice(4, 2),
  ),

  // Present and must not be
  bad('a refused push is there', ['failed-present'], ({ pushes }) => (pushes[3]!.outcome = 'failed')),
  bad('a refused push stands at the end', ['failed-present'], (history) => {
    history.pushes[5]!.outcome = 'failed';
    readAtLast(history, all, [...all, 'y']);
  }),
  bad('the loser of a race stands beside the winner', ['failed-present', 'not-after-its-parent'], (history) =>
    readAtLast(history, all, [...all, 'x']),
  ),
  bad('something is there that nobody pushed', ['nobody-pushed'], (history) =>
    readAtLast(history, all, [...all, 'z']),
  ),
  bad('a fork has what was pushed to the other branch only', ['nobody-pushed'], ({ reads }) =>
    reads[6]!.ids.push('b'),
  ),
  bad('an element is there before it was pushed', ['read-before-push'], ({ reads }) =>
    Object.assign(reads[1]!, { ids: ['a', 'b', 'c'], to: 19 }),
  ),

  // Doubles and tears
  bad('an element is there twice', ['element-twice', 'not-after-its-parent'], (history) =>
    readAtLast(history, all, [...all, 'e']),
  ),
  bad('a repeated push was appended again', ['element-twice', 'not-after-its-parent'], (history) => {
    history.pushes.push(push(46, 'd', ['e']));
    readAtLast(history, all, [...all, 'e']);
  }),
  bad('a push is seen half done', ['push-torn'], ({ reads }) => reads[2]!.ids.pop()),
  bad('a push with an unknown end was done by half', ['push-torn'], (history) => {
    history.pushes[5]!.ids = ['y', 'z'];
    readAtLast(history, all, [...all, 'y']);
  }),

  // Order
  bad('the elements of a push stand in another order', ['not-a-prefix', 'not-after-its-parent'], (history) =>
    readAtLast(history, all, ['a', 'c', 'b', 'd', 'e']),
  ),
  bad('two reads tell two histories', ['not-a-prefix'], ({ pushes, reads }) => {
    pushes.push(push(50, 'e', ['z'], { outcome: 'unknown' }));
    reads.push(read(71, [...all, 'y']), read(71, [...all, 'z']));
  }),
  bad(
    'a later push stands before an earlier one',
    ['against-real-time', 'not-a-prefix', 'not-after-its-parent'],
    (history) => readAtLast(history, ['b', 'c', 'a', 'd', 'e'], ['b', 'c', 'a', 'd', 'e']),
  ),
  bad(
    'a push is accepted after one that nobody had pushed yet',
    ['against-real-time'],
    ({ pushes, reads }) => {
      pushes.push(push(80, 'f', ['g']), push(90, 'e', ['f']));
      reads.push(read(99, [...all, 'f', 'g']));
    },
  ),
  bad(
    'a push stands after one that was pushed later, and not next to it',
    ['against-real-time'],
    ({ pushes, reads }) => {
      const branch = 'third';
      pushes.push(
        push(50, null, ['p'], { branch }),
        push(10, 'p', ['q'], { branch, to: 100 }),
        push(5, 'q', ['r'], { branch, to: 20 }),
      );
      reads.push(read(200, ['p', 'q', 'r'], { branch }));
    },
  ),
  bad('a list gets shorter without anything acknowledged in it', ['read-went-back'], (history) => {
    readAtLast(history, all, [...all, 'y']);
    history.reads.push(read(80, all));
  }),
  bad(
    'a push hangs after another parent than it was made for',
    ['not-after-its-parent'],
    ({ pushes }) => (pushes[4]!.parent = 'c2'),
  ),

  // Winners
  bad(
    'two pushes after the same parent are acknowledged',
    ['acknowledged-lost', 'two-winners'],
    ({ pushes }) => Object.assign(pushes[2]!, { outcome: 'ok', code: undefined }),
  ),
  bad('two first pushes are acknowledged', ['acknowledged-lost', 'two-winners'], ({ pushes }) =>
    pushes.push(push(11, null, ['x2'])),
  ),
  bad('a push wins against the middle of a longer one', ['acknowledged-lost', 'two-winners'], ({ pushes }) =>
    pushes.push(push(26, 'b', ['x3'])),
  ),
  bad('one element is acknowledged after two parents', ['two-parents'], ({ pushes }) =>
    pushes.push(push(46, 'c', ['e'])),
  ),
  bad('a push loses against nobody', ['conflict-with-nobody'], ({ pushes }) =>
    pushes.push(push(80, 'a', ['z'], { branch: 'fork', outcome: 'failed', code: 'HISTORY_CONFLICT' })),
  ),
  bad('the first push of all loses against nobody', ['conflict-with-nobody'], ({ pushes }) =>
    pushes.push(push(0, null, ['z'], { to: 9, outcome: 'failed', code: 'HISTORY_CONFLICT' })),
  ),
];
