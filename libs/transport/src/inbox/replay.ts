import type { LogEvent } from '@tidemark/contracts';
import type { WireMessage } from '../events/delivery.js';
import { reasonOf } from '../events/reason.js';
import type { InboxStore, InboxTx, Parked } from './inbox-store.js';
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

type Step =
  | { readonly done: 'heard' | 'empty' }
  /** With this candidate; there may be another one. */
  | { readonly done: 'refused'; readonly reason: string }
  | { readonly done: 'stuck'; readonly reason: string };

/**
 * One transaction per event, each under the lock of its stream: what is delivered meanwhile is parked behind, and the
 * last step opens the stream again.
 */
export async function replay(with_: Replaying, org: string, stream: string): Promise<Replayed> {
  for (let heard = 0; ; heard++) {
    const step = await nextVersion(with_, org, stream);
    if (step.done === 'empty') return { heard };
    if (step.done === 'stuck' || step.done === 'refused') return { heard, stoppedBy: step.reason };
  }
}

/** Several messages may claim the next version; the first that can be heard is the one. */
async function nextVersion(with_: Replaying, org: string, stream: string): Promise<Step> {
  let refusal: Step | undefined;
  for (let candidate = 0; ; candidate++) {
    const step = await tryCandidate(with_, org, stream, candidate).catch((error: unknown) => {
      if (passes(error)) throw error;
      return { done: 'refused', reason: reasonOf(error) } as const;
    });
    if (step.done !== 'refused') return step.done === 'stuck' ? (refusal ?? step) : step;
    refusal ??= step;
  }
}

const CANDIDATES = 20;

async function tryCandidate(with_: Replaying, org: string, stream: string, index: number): Promise<Step> {
  return with_.store.inOrg(with_.source, org, async (inbox) => {
    const heard = (await inbox.lock([stream])).get(stream);
    if (!heard || heard.parkedFrom === null) return { done: 'empty' };
    const next = heard.version + 1;
    const parked = await inbox.parkedAbove(stream, heard.version, CANDIDATES);
    const candidate = parked.filter(({ version }) => version === next)[index];
    if (!candidate) return { done: 'stuck', reason: `version ${next} has not come` };
    return hearOne(with_, inbox, candidate);
  });
}

async function hearOne(with_: Replaying, inbox: InboxTx, { stream, version, wire }: Parked): Promise<Step> {
  const event = with_.read(wire);
  if (typeof event === 'string') return { done: 'refused', reason: event };
  await with_.handle([event], inbox);
  const parkedFrom = await inbox.unpark(stream, version);
  await inbox.advance([{ stream, version, parkedFrom, known: true }]);
  return { done: 'heard' };
}
