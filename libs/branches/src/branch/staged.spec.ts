import type { ActorContext, AppendSnapshots } from '@tidemark/contracts';
import type { StageClaims } from '@tidemark/transport';
import { stagedOf } from './staged.js';

const records = [
  { id: 'a'.repeat(40), hash: '1'.repeat(64) },
  { id: 'b'.repeat(40), hash: '2'.repeat(64) },
];
const claims: StageClaims = {
  org: 'org_1',
  incarnation: 'inc_1',
  account: 'acct_1',
  records,
  title: 'Petstore',
  exp: 1,
};
const push = { org: 'org_1', incarnation: 'inc_1', snapshots: records.map(({ id }) => id) };
const actor: ActorContext = { account: 'acct_1', requestId: 'r' };
const staged = (with_: Partial<StageClaims> | undefined) =>
  stagedOf(with_ && { ...claims, ...with_ }, push as unknown as AppendSnapshots, actor);

describe('what a stage token says of a push', () => {
  it('is its records and the title', () => expect(staged({})).toEqual({ records, title: 'Petstore' }));

  it.each([
    ['a broken or old one', undefined],
    ['one of another organization', { org: 'org_2' }],
    ['one of another incarnation', { incarnation: 'inc_2' }],
    ['one of another account', { account: 'acct_2' }],
  ])('is nothing for %s', (_, with_) => expect(staged(with_)).toEqual({ records: [] }));

  it('is nothing about snapshots that are not pushed', () => {
    const other = { id: 'c'.repeat(40), hash: '3'.repeat(64) };
    expect(staged({ records: [other, records[1]!] }).records).toEqual([records[1]]);
  });
});
