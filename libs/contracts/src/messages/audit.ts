import { IsInt, Matches, Max, Min } from 'class-validator';

export const auditMessages = { listEntries: 'audit.list-entries', head: 'audit.head' } as const;

export class ListEntries {
  @Matches(/^org_[0-9a-f]{32}$/, { message: 'must be an organization id: org_ and 32 hexadecimal digits' })
  readonly org!: string;

  /** Entries with a higher number. */
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  readonly after!: number;

  @IsInt()
  @Min(1)
  @Max(500)
  readonly limit!: number;
}

export class GetHead {
  @Matches(/^org_[0-9a-f]{32}$/, { message: 'must be an organization id: org_ and 32 hexadecimal digits' })
  readonly org!: string;
}

export interface AuditEntry {
  /** 1, 2, 3 … within the organization, without a gap. */
  readonly seq: number;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly object: string;
  readonly outcome: 'done';
  readonly requestId: string;
}
