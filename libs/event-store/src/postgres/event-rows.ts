import type { RecordedEvent } from '@tidemark/contracts';

export interface EventRow {
  readonly version: number;
  readonly id: string;
  readonly type: string;
  readonly type_version: number;
  readonly data: object;
  readonly command: string;
  readonly account: string;
  readonly request_id: string;
  readonly at: Date;
}

export const recorded = (org: string, stream: string, row: EventRow): RecordedEvent => ({
  org,
  stream,
  version: row.version,
  id: row.id,
  type: row.type,
  typeVersion: row.type_version,
  data: row.data,
  meta: { account: row.account, requestId: row.request_id, command: row.command },
  at: row.at.toISOString(),
});
