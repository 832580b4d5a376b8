import type { LogEvent } from '@tidemark/contracts';
import type { WireMessage } from '../events/delivery.js';
import { reasonOf } from '../events/reason.js';
import type { Heard, InboxStore, InboxTx, Parked } from './inbox-store.js';
import { passes } from './retry.js';

export interface Replayed {
  /** How many events were heard. */
  readonly heard: number;
  /** Why it ended before everything was heard. */
  readonly stoppedBy?: string;
}

interface Replaying {
  readonly store: InboxStore;
  readonly source: string;
  /** The event, or why it still cannot be heard. */
  read(wire: WireMessage): LogEvent | string;
  handle(events: readonly LogEvent[], inbox: InboxTx): Promise<void>;
}

type Step = { readonly done: 'heard' | 'empty' } | { readonly done: 'stopped'; readonly reason: string };

/**
 * One transaction per event, each under the lock of its stream: what is delivered meanwhile is parked behind, and the
 * last step opens the stream again.
 */
export async function replay(with_: Replaying, org: string, stream: string): Promise<Replayed> {
  for (let heard = 0; ; heard++) {
    const step = await nextVersion(with_, org, stream);
    if (step.done === 'empty') return { heard };
    if (step.done === 'stopped') return { heard, stoppedBy: step.reason };
  }
}

/** Several messages may claim the next version; the first that can be heard is the one. */
async function nextVersion(with_: Replaying, org: string, stream: string): Promise<Step> {
  let reason = '';
  for (let candidate = 0; ; candidate++) {
    const step = await tryCandidate(with_, org, stream, candidate).catch((error: unknown) => {
      if (passes(error)) throw error;
      return { done: 'stopped', reason: reasonOf(error) } as const;
    });
    if (step === 'none') return { done: 'stopped', reason };
    if (step.done !== 'stopped') return step;
    reason ||= step.reason;
  }
}

const CANDIDATES = 20;

async function tryCandidate(
  with_: Replaying,
  org: string,
  stream: string,
  index: number,
): Promise<Step | 'none'> {
  return with_.store.inOrg(with_.source, org, async (inbox) => {
    const heard = (await inbox.lock([stream])).get(stream);
    if (!heard || heard.parkedFrom === null) return { done: 'empty' };
    const parked = await inbox.parkedAbove(stream, heard.version, CANDIDATES);
    const candidates = parked.filter(({ version }) => version === heard.version + 1);
    if (candidates.length === 0)
      return { done: 'stopped', reason: `version ${heard.version + 1} has not come` };
    const candidate = candidates[index];
    return candidate ? hearOne(with_, inbox, heard, candidate) : 'none';
  });
}

async function hearOne(
  with_: Replaying,
  inbox: InboxTx,
  heard: Heard,
  { stream, version, wire }: Parked,
): Promise<Step> {
  const event = with_.read(wire);
  if (typeof event === 'string') return { done: 'stopped', reason: event };
  await with_.handle([event], inbox);
  const parkedFrom = await inbox.unpark(stream, heard.version + 1);
  await inbox.advance([{ stream, version, parkedFrom, known: true }]);
  return { done: 'heard' };
}
