import { describe, expect, it } from '@jest/globals';
import { fingerprintOf, newCommandId } from '@tidemark/contracts';
import fc from 'fast-check';
import { tallyDecider, type TallyCommand } from '../test/tally.js';
import type { EventStore } from './event-store.js';
import { handleCommand } from './handle-command.js';
import { MemoryEventStore, MemoryLogReader } from './memory/memory-event-store.js';
import { MemoryLog } from './memory/memory-log.js';
import { verifyFolds } from './verify-folds.js';

const command: fc.Arbitrary<TallyCommand> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({
      kind: fc.constant('add' as const),
      amounts: fc.array(fc.integer(), { maxLength: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('close' as const) }) },
);
const step = fc.record({
  command,
  org: fc.constantFrom('org_a', 'org_b'),
  stream: fc.constantFrom('tally-1', 'tally-2', 'tally-3'),
  /** Sent again under the id of an earlier step. */
  again: fc.boolean(),
  atMs: fc.integer({ min: 0, max: 4_000_000_000_000 }),
});

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const runAll = (store: EventStore, steps: readonly Step[]) => {
  const ids: string[] = [];
  return Promise.allSettled(
    steps.map(({ command, org, stream, again, atMs }) => {
      const commandId = (again ? ids.at(-1) : undefined) ?? newCommandId();
      ids.push(commandId);
      const [fingerprint, at] = [fingerprintOf(command), new Date(atMs).toISOString()];
      const meta = { account: 'acct_1', requestId: 'req-1' };
      return handleCommand(store, tallyDecider, { org, stream, command, commandId, fingerprint, meta, at });
    }),
  );
};

describe('the folded state', () => {
  it('equals a replay of the events, whatever commands came, at once and repeated', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const log = new MemoryLog();
        const store = new MemoryEventStore(log);
        await runAll(store, steps);
        const { differing } = await verifyFolds(store, new MemoryLogReader(log), () => tallyDecider);
        expect(differing).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('is found out where it differs from its events, or where its row is gone', async () => {
    const log = new MemoryLog();
    const store = new MemoryEventStore(log);
    const append = {
      org: 'org_a',
      expected: 0,
      fingerprint: 'f',
      schema: 1,
      meta: { account: 'a', requestId: 'r' },
    };
    const events = [{ type: 'Added', typeVersion: 1, data: { amount: 2 } }];
    const at = '2026-01-02T03:04:05.678Z';
    for (const [stream, sum] of [
      ['good', 2],
      ['wrong', 3],
      ['gone', 2],
    ] as const) {
      const state = { status: 'open', sum, lastAt: at };
      await store.append({ ...append, stream, command: newCommandId(), state, events, at });
    }
    log.organization('org_a').streams.delete('gone');
    const { streams, differing } = await verifyFolds(store, new MemoryLogReader(log), () => tallyDecider);
    expect(streams).toBe(3);
    expect(differing.map(({ stream }) => stream).sort()).toEqual(['gone', 'wrong']);
  });

  it('of another schema is not compared, because nobody uses it', async () => {
    const log = new MemoryLog();
    const store = new MemoryEventStore(log);
    await runAll(store, [
      { command: { kind: 'close' }, org: 'org_a', stream: 'tally-1', again: false, atMs: 0 },
    ]);
    const newer = { ...tallyDecider, schema: 2, evolve: () => ({ status: 'open' as const, sum: -1 }) };
    expect(await verifyFolds(store, new MemoryLogReader(log), () => newer)).toEqual({
      streams: 1,
      differing: [],
    });
  });
});
