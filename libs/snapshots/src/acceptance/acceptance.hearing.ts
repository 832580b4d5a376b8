import { Controller } from '@nestjs/common';
import { eventTopics, type BranchHeadMoved, type RecordedEvent } from '@tidemark/contracts';
import type { Tx } from '@tidemark/runtime';
import { Hears } from '@tidemark/transport';
import { accept, type Acceptance } from './accept.js';

/** Hears which records a branch has been given. */
@Controller()
export class AcceptanceHearing {
  @Hears('snapshots', eventTopics.branches)
  hear(events: readonly RecordedEvent[], tx: Tx): Promise<void> {
    return acceptRecords(events, tx);
  }
}

/** The events of one organization, in their order. */
export async function acceptRecords(events: readonly RecordedEvent[], tx: Tx): Promise<void> {
  const accepted = events.filter(isPush).flatMap(acceptancesOf);
  if (accepted.length > 0) await accept(tx, events[0]!.org, accepted);
}

type Push = RecordedEvent<BranchHeadMoved['data']>;

const isPush = (event: RecordedEvent): event is Push => event.type === 'BranchHeadMoved';

const acceptancesOf = ({ data, meta }: Push): Acceptance[] =>
  data.accepted.map(({ id, hash }) => ({
    incarnation: data.incarnation,
    id,
    hash,
    pushedBy: meta.account,
  }));
