import { describe, expect, it } from '@jest/globals';
import type { LogEvent } from '@tidemark/contracts';
import { judgeHistory } from './history.js';

const event = (position: number, stream: string, version: number, id = `${stream}${version}`): LogEvent => ({
  position,
  org: 'org_a',
  stream,
  version,
  id,
  type: 'Noted',
  typeVersion: 1,
  data: {},
  meta: { account: 'acct_1', requestId: 'req-1', command: 'c' },
  at: '2026-01-02T03:04:05.678Z',
});

const good = [event(1, 'a', 1), event(2, 'b', 1), event(3, 'a', 2), event(4, 'a', 3)];
const clean = { skipped: 0, doubled: 0, wrong: [] };

describe('the judge of a history', () => {
  it('has nothing to say about a good one', () => {
    expect(judgeHistory(good, [...good].reverse())).toEqual(clean);
  });

  const bad: Record<string, LogEvent[]> = {
    'an event is missing in the middle': [good[0]!, good[1]!, good[3]!],
    'an event is missing and the positions hide it': [good[0]!, event(2, 'a', 2), event(3, 'a', 3)],
    'an event is missing at the end': good.slice(0, 3),
    'an event came twice': [...good, good[3]!],
    'an event came twice, at two positions': [...good, event(5, 'b', 1)],
    'two events have one position': [good[0]!, event(1, 'b', 1), event(3, 'a', 2), event(4, 'a', 3)],
    'a position is missing': [good[0]!, good[1]!, event(4, 'a', 2), event(5, 'a', 3)],
    'positions came out of order': [good[1]!, good[0]!, good[2]!, good[3]!],
    'a stream came out of order': [event(1, 'a', 2), good[1]!, event(3, 'a', 1), good[3]!],
    'an event was never committed': [...good, event(5, 'c', 1)],
    'another event stands in the place of the committed one': [...good.slice(0, 3), event(4, 'a', 3, 'x')],
    'nothing came at all': [],
  };

  it.each(Object.keys(bad))('notices when %s', (name) => {
    expect(judgeHistory(bad[name]!, good)).not.toEqual(clean);
  });

  it('counts what is missing and what came twice', () => {
    expect(judgeHistory(good.slice(0, 2), good)).toMatchObject({ skipped: 2, doubled: 0 });
    expect(judgeHistory([...good, good[3]!], good)).toMatchObject({ skipped: 0, doubled: 2 });
  });
});
