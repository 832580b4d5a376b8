import { Controller } from '@nestjs/common';
import { eventTopics, type RecordedEvent } from '@tidemark/contracts';
import type { Tx } from '@tidemark/runtime';
import { Hears } from '@tidemark/transport';
import { recordEntries } from './entry.projection.js';

/** Hears every event of every service. */
@Controller()
export class EntryHearing {
  @Hears('audit', eventTopics.orgs)
  async hearOrgs(events: readonly RecordedEvent[], tx: Tx): Promise<void> {
    await recordEntries(events, tx);
  }

  @Hears('audit', eventTopics.branches)
  async hearBranches(events: readonly RecordedEvent[], tx: Tx): Promise<void> {
    await recordEntries(events, tx);
  }
}
