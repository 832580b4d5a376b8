import { silentLogger, MemoryHints } from '@tidemark/runtime';
import { positioned, ORG_A, stream } from '../../test/events/builders.js';
import { memoryPair } from '../../test/events/memory-pair.js';
import { until } from '../../test/events/until.js';
import { MemoryCheckpoints } from './checkpoints.js';
import { eventsContract } from '../../test/events/events.contract.js';
import { LogSource } from './log-source.js';

describe('the log source and an inbox, in memory', () => {
  it.each(eventsContract)('$name', async ({ run }) => {
    const pair = memoryPair();
    await run(pair);
    await pair.close();
  });
});

describe('a log source', () => {
  const log = positioned(stream(ORG_A, 's', 3));
  const options = {
    source: 's',
    hints: new MemoryHints(silentLogger),
    hint: 'log:orgs',
    logger: silentLogger,
  };

  it('does not pass over a position that is missing', async () => {
    const checkpoints = new MemoryCheckpoints();
    let reads = 0;
    const gapped = {
      read: async (after: number) => {
        reads += 1;
        return log.filter(({ position }) => position > after && position !== 2);
      },
      head: async () => 3,
    };
    const source = new LogSource({ ...options, log: gapped, checkpoints });
    await source.start({ deliver: async () => undefined, ended: () => undefined });
    await until(async () => reads >= 2);
    expect(await source.state()).toEqual({ lag: 3, mark: '0', joining: false });
    await source.stop();
  });

  it('looks at once when it is told that there is more', async () => {
    const grown = [...log];
    const reader = { read: async (after: number) => grown.slice(after), head: async () => grown.length };
    const hints = new MemoryHints(silentLogger);
    const source = new LogSource({
      ...options,
      hints,
      log: reader,
      checkpoints: new MemoryCheckpoints(),
      pollMs: 1e9,
    });
    await source.start({ deliver: async () => undefined, ended: () => undefined });
    await until(async () => (await source.state()).lag === 0);
    grown.push({ ...log[2]!, version: 4, position: 4 });
    hints.publish('log:orgs', '4');
    await until(async () => (await source.state()).lag === 0);
    await source.stop();
  });
});
