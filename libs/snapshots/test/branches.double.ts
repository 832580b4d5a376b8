import {
  branchHeadMoved,
  branchMessages,
  type AcceptedSnapshot,
  type ListAccepted,
  type RecordedEvent,
} from '@tidemark/contracts';
import type { RequestOptions, Requests, StageClaims } from '@tidemark/transport';

/** What `branches` is to this service: it accepts first come, first kept, and is asked what it has. */
export class BranchesDouble implements Requests {
  readonly events: RecordedEvent[] = [];
  asked = 0;
  readonly #accepted = new Map<string, AcceptedSnapshot>();

  append({ org, incarnation, account, records }: StageClaims): RecordedEvent {
    const fresh = records.filter(({ id }) => !this.#accepted.has(`${incarnation} ${id}`));
    for (const record of fresh)
      this.#accepted.set(`${incarnation} ${record.id}`, { ...record, pushedBy: account });
    const event: RecordedEvent = {
      ...branchHeadMoved({
        file: `prj_${'f'.repeat(32)}`,
        incarnation,
        project: 'proj_1',
        branch: 'master',
        snapshots: records.map(({ id }) => id),
        accepted: fresh,
        length: records.length,
      }),
      org,
      stream: `file-${incarnation}`,
      version: this.events.length + 1,
      id: `00000000-0000-4000-8000-${String(this.events.length + 1).padStart(12, '0')}`,
      meta: { account, requestId: 'request', command: '00000000-0000-4000-8000-000000000000' },
      at: '2026-01-02T03:04:05.678Z',
    };
    this.events.push(event);
    return event;
  }

  async send<Reply>(pattern: string, payload: unknown, { actor }: RequestOptions): Promise<Reply> {
    const { org, incarnation, snapshots } = payload as ListAccepted;
    if (pattern !== branchMessages.accepted || actor.org !== org)
      throw new Error(`not asked well: ${pattern}`);
    this.asked++;
    const accepted = snapshots.flatMap((id) => this.#accepted.get(`${incarnation} ${id}`) ?? []);
    return { accepted } as Reply;
  }
}
