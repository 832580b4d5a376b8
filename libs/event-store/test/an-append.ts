import { newCommandId, newOrgId } from '@tidemark/contracts';
import type { Append } from '../src/event-store.js';

/** An event of no meaning; `n` tells it from others. */
export const noted = (n: number, more: object = {}) => ({
  type: 'Noted',
  typeVersion: 1,
  data: { n, ...more },
});

/** The first append to a stream of a new organization, with one event. */
export const anAppend = (changes: Partial<Append> = {}): Append => ({
  org: newOrgId(),
  stream: 'note-1',
  expected: 0,
  command: newCommandId(),
  fingerprint: 'f',
  schema: 1,
  state: { notes: 1 },
  events: [noted(1)],
  meta: { account: 'acct_1', requestId: 'req-1' },
  at: '2026-01-02T03:04:05.678Z',
  ...changes,
});

/** One event after another in one stream, each with a command of its own. */
export const inOneStream = (org: string, stream: string, count: number): Append[] =>
  Array.from({ length: count }, (_, n) =>
    anAppend({ org, stream, expected: n, events: [noted(n + 1)], state: { notes: n + 1 } }),
  );
