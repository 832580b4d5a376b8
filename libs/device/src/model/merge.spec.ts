import { changedKeys, kindOf, mergeStates, stateOf } from './merge.js';

const state = (blobs: Record<string, string>) =>
  stateOf(Object.entries(blobs).map(([key, blob]) => ({ key, blob, name: `${key} ${blob}` })));
const blobs = (merged: ReadonlyMap<string, { blob: string }>) =>
  Object.fromEntries([...merged].map(([key, { blob }]) => [key, blob]));

describe('a merge', () => {
  // base, mine, theirs → what becomes of one document; '-' is absent, '?' is left to a person
  it.each([
    ['a', 'a', 'a', 'a'],
    ['a', 'b', 'a', 'b'],
    ['a', 'a', 'b', 'b'],
    ['a', 'b', 'b', 'b'],
    ['a', '-', 'a', '-'],
    ['a', 'a', '-', '-'],
    ['a', '-', '-', '-'],
    ['-', 'a', '-', 'a'],
    ['-', '-', 'a', 'a'],
    ['-', 'a', 'a', 'a'],
    ['a', 'b', 'c', '?'],
    ['a', '-', 'b', '?'],
    ['a', 'b', '-', '?'],
    ['-', 'a', 'b', '?'],
  ])('of %s into %s and %s is %s', (base, mine, theirs, wanted) => {
    const of = (blob: string) => state(blob === '-' ? {} : { doc: blob });
    const { state: merged, clashes } = mergeStates(of(base), of(mine), of(theirs));
    expect(blobs(merged)).toEqual(wanted === '?' || wanted === '-' ? {} : { doc: wanted });
    expect(clashes).toHaveLength(wanted === '?' ? 1 : 0);
  });

  it('treats each document by itself', () => {
    const { state: merged, clashes } = mergeStates(
      state({ a: '1', b: '1', c: '1' }),
      state({ a: '2', b: '1', c: '2' }),
      state({ a: '1', b: '2', c: '3', d: '1' }),
    );
    expect(blobs(merged)).toEqual({ a: '2', b: '2', d: '1' });
    expect(clashes.map(({ key }) => key)).toEqual(['c']);
  });

  it('takes a name along with its version', () => {
    const { state: merged } = mergeStates(state({ a: '1' }), state({ a: '1' }), state({ a: '2' }));
    expect(merged.get('a')!.name).toBe('a 2');
  });

  it('says which kind of conflict it is', () => {
    const [base, mine, theirs] = ['1', '2', '3'].map((blob) => ({ key: 'a', blob, name: '' }));
    const of = (clash: object) => kindOf({ key: 'a', base, mine, theirs, ...clash });
    expect(of({})).toBe('changed on both sides');
    expect(of({ mine: undefined })).toBe('deleted here');
    expect(of({ theirs: undefined })).toBe('deleted there');
    expect(of({ base: undefined })).toBe('made on both sides');
  });

  it('counts what is new, changed and gone as changed', () => {
    expect(changedKeys(state({ a: '1', b: '1', c: '1' }), state({ a: '1', b: '2', d: '1' })).sort()).toEqual([
      'b',
      'c',
      'd',
    ]);
  });
});
