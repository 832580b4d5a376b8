import { until } from '../../test/events/until.js';
import type { SourceState } from './event-source.js';
import { StallWatch } from './stall-watch.js';

function watched() {
  let now = 0;
  let state: SourceState | undefined = { lag: 0, mark: '0', joining: false };
  let progress = 0;
  const stalled: string[] = [];
  const watch = new StallWatch({
    source: 'orgs.events',
    state: async () => {
      if (!state) throw new Error('nobody answers');
      return state;
    },
    progress: () => progress,
    limitMs: 60_000,
    joiningMs: 45_000,
    onStalled: (reason) => stalled.push(reason),
    now: () => now,
  });
  const after = async (seconds: number, change?: Partial<SourceState> | 'unknown' | 'progress') => {
    now += 1_000 * seconds;
    if (change === 'progress') progress += 1;
    else if (change === 'unknown') state = undefined;
    else state = { lag: 0, mark: '0', joining: false, ...state, ...change };
    await watch.look();
  };
  return { watch, stalled, after };
}

describe('a stall', () => {
  it('is something that waits while nothing happens for the whole limit', async () => {
    const { watch, stalled, after } = watched();
    await after(0, { lag: 5 });
    await after(59);
    expect(stalled).toEqual([]);
    await after(1);
    expect(stalled).toEqual(['orgs.events: 5 messages wait and none was heard for 60 s']);
    expect(watch.reason).toBe(stalled[0]);
  });

  it('is still found after the source has not answered at all', async () => {
    let answers = false;
    const stalled: string[] = [];
    const waiting = { lag: 1, mark: '', joining: false };
    const watch = new StallWatch({
      source: 'orgs.events',
      state: () => (answers ? Promise.resolve(waiting) : new Promise(() => (answers = true))),
      progress: () => 0,
      limitMs: 10,
      joiningMs: 0,
      onStalled: (reason) => stalled.push(reason),
      everyMs: 1,
    });
    watch.start();
    await until(async () => stalled.length > 0);
  });

  it('is reported once', async () => {
    const { stalled, after } = watched();
    await after(0, { lag: 5 });
    await after(60);
    await after(60);
    expect(stalled).toHaveLength(1);
  });

  it.each([
    ['an acknowledgement', { mark: '1' }],
    ['something heard that is not acknowledged yet', 'progress'],
    ['nothing that waits', { lag: 0 }],
    ['a broker that does not answer', 'unknown'],
  ] as const)('is not where there is %s', async (_, change) => {
    const { stalled, after } = watched();
    await after(0, { lag: 5 });
    await after(59, change);
    await after(59, { lag: 5 });
    expect(stalled).toEqual([]);
  });

  it('takes longer to be one while the group sorts itself out', async () => {
    const { stalled, after } = watched();
    await after(0, { lag: 5, joining: true });
    await after(104);
    expect(stalled).toEqual([]);
    await after(1);
    expect(stalled).toHaveLength(1);
  });
});
