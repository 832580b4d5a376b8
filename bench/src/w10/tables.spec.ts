import { compared } from './tables.js';

const row = { stream: 'a', events: 20, first: 1, last: 20, claimed: 20 };

describe('the tables', () => {
  it('are right when each stream has every event that was acknowledged', () =>
    expect(compared([row], { a: 20 })).toEqual([]));

  it.each([
    ['an event is missing at the end', { ...row, events: 19, last: 19, claimed: 19 }],
    ['an event is missing in the middle', { ...row, events: 19 }],
    ['an event is there without an acknowledgement', { ...row, events: 21, last: 21, claimed: 21 }],
    ['versions do not begin with 1', { ...row, first: 0 }],
    ['the stream claims another version', { ...row, claimed: 19 }],
    ['the stream itself is missing', { ...row, claimed: null }],
  ])('are wrong when %s', (_, wrong) => expect(compared([wrong], { a: 20 })).toHaveLength(1));

  it('are wrong when a stream is missing or nobody wrote it', () => {
    expect(compared([row], { a: 20, b: 20 })).toEqual(['b is missing']);
    expect(compared([row], {})).toHaveLength(1);
  });
});
