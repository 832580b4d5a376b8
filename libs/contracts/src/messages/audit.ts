import { IsInt, Matches, Max, Min } from 'class-validator';
import { IsOrgId, IsSessionId } from './fields.js';

export const auditMessages = {
  listEntries: 'audit.list-entries',
  head: 'audit.head',
  place: 'audit.place',
  keepPlace: 'audit.keep-place',
} as const;

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

/** Where the event stream of a session in an organization had got to when it was last closed. */
export class GetPlace {
  @IsOrgId()
  readonly org!: string;
  @IsSessionId()
  readonly session!: string;
}

/** Never goes back: several streams of one session may be open at once. */
export class KeepPlace extends GetPlace {
  /** Number of the last entry that the session was told of. */
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  readonly seq!: number;
}

/** `seq: null`: no stream of this pair was ever closed here. */
export interface Place {
  readonly seq: number | null;
}

/** Ids of what an event was about, and the name of the branch, by which alone a branch is known. */
export interface EntryDetails {
  readonly project?: string;
  readonly file?: string;
  readonly incarnation?: string;
  readonly branch?: string;
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
  readonly details?: EntryDetails;
}
