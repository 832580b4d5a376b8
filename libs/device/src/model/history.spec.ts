import { vectorsText } from '../../test/vectors.js';
import { compareHistories, lastCommon, toPush } from './history.js';

interface Compared {
  readonly local: string[];
  readonly remote: string[] | null;
  readonly ahead: number;
  readonly behind: number;
  readonly pushSends: string | string[];
}
const { branchCompare } = JSON.parse(vectorsText) as { branchCompare: Compared[] };

describe('two histories', () => {
  it.each(branchCompare)(
    '$local and $remote: $ahead ahead, $behind behind',
    ({ local, remote, ahead, behind }) => {
      expect(compareHistories(local, remote)).toEqual({ ahead, behind });
    },
  );

  it.each(branchCompare)('of $local and $remote a push sends $pushSends', ({ local, remote, pushSends }) => {
    const sends = () => toPush(local, remote);
    if (Array.isArray(pushSends)) return expect(sends()).toEqual(pushSends);
    return pushSends === 'Already up to date'
      ? expect(sends()).toEqual([])
      : expect(sends).toThrow(pushSends);
  });

  it('are joined where both lists last agree', () => {
    expect(lastCommon(['a', 'b', 'x'], ['a', 'b', 'c'])).toBe('b');
    expect(lastCommon(['x'], ['a'])).toBeUndefined();
    expect(lastCommon([], ['a'])).toBeUndefined();
  });

  it('that the server has nothing of are sent as a whole', () => {
    expect(toPush(['a', 'b'], [])).toEqual(['a', 'b']);
    expect(compareHistories(['a', 'b'], [])).toEqual({ ahead: 2, behind: 0 });
  });
});
