import { Controller, Inject } from '@nestjs/common';
import { derivedUuid, eventTopics, type ProjectDeletedV1, type RecordedEvent } from '@tidemark/contracts';
import type { StreamTransactions } from '@tidemark/event-store';
import { failpoint } from '@tidemark/runtime/failpoint';
import { Hears } from '@tidemark/transport';
import { BRANCHES_STREAMS } from '../branches.tokens.js';
import { archiveFiles } from '../file/file.service.js';

/** Archived in one transaction. */
const BATCH = 100;

/**
 * The files of a deleted project are archived, so that their ids may come again elsewhere. In transactions of its own, a
 * bounded number at a time: repeated, it goes on where it was.
 */
@Controller()
export class WhenProjectDeletedArchiveFiles {
  constructor(@Inject(BRANCHES_STREAMS) private readonly streams: StreamTransactions) {}

  @Hears('branches', eventTopics.orgs)
  async hear(events: readonly RecordedEvent[]): Promise<void> {
    for (const event of events) {
      if (event.type === 'ProjectDeleted') await this.archiveAll(event as RecordedEvent<ProjectDeletedV1>);
    }
  }

  private async archiveAll(event: RecordedEvent<ProjectDeletedV1>): Promise<void> {
    const { org, data } = event;
    await this.streams.run({ tenant: org }, (tx) => tx.query(CLOSE, [org, data.project]));
    while ((await this.archiveSome(event)) === BATCH) failpoint('archive-project.between-batches');
  }

  private archiveSome({ id, org, data, meta }: RecordedEvent<ProjectDeletedV1>): Promise<number> {
    const { account, requestId } = meta;
    return this.streams.run({ tenant: org }, async (tx) => {
      const files = await tx.query<{ incarnation: string }>(LOCK_SOME, [org, data.project, BATCH]);
      const commands = files.map(({ incarnation }) => ({
        incarnation,
        commandId: derivedUuid('archive file of deleted project', id, incarnation),
      }));
      await archiveFiles(tx, org, commands, { account, requestId });
      return files.length;
    });
  }
}

/** Waits for files that are being created in the project at this moment; later ones find it gone. */
const CLOSE = `
  insert into projects (org, project, gone) values ($1, $2, true)
  on conflict (org, project) do update set gone = true`;

const LOCK_SOME = `
  select incarnation from files where org = $1 and project = $2 and archived_at is null
  order by incarnation limit $3 for update`;
