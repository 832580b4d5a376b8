import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsOptional,
  IsString,
  Length,
  Matches,
  ValidateNested,
} from 'class-validator';
import { Type } from 'class-transformer';
import {
  IsAccountId,
  IsCommandId,
  IsFileId,
  IsHash,
  IsIncarnation,
  IsListOf,
  IsOrgId,
  IsPlainText,
  IsProjectId,
  isHash,
} from './fields.js';
import { isOrgId } from '../ids.js';

export const branchMessages = {
  findFile: 'branches.find-file',
  listFiles: 'branches.list-files',
  createFile: 'branches.create-file',
  archiveFile: 'branches.archive-file',
  fileKey: 'branches.file-key',
  listBranches: 'branches.list-branches',
  getBranch: 'branches.get-branch',
  removeBranch: 'branches.remove-branch',
  append: 'branches.append',
  accepted: 'branches.accepted',
} as const;

/** The live files with this id in these organizations: none, one, or more than one. */
export class FindFile {
  @IsFileId()
  readonly file!: string;
  @IsListOf(isOrgId, 10_000, 'organization ids')
  readonly orgs!: readonly string[];
}

/** A live file as its organization knows it. `incarnation` names it in all that is stored. */
export interface FileView {
  readonly org: string;
  readonly project: string;
  readonly file: string;
  readonly incarnation: string;
  /** `wrk_…` */
  readonly root: string;
  /** Today's name: that of the root document in the latest snapshot of `master`, else the one at creation. */
  readonly name: string;
  readonly createdAt: string;
}

/** Live files of an organization, of one project or of all, in the order of their creation. At most 10 000. */
export class ListFiles {
  @IsOrgId()
  readonly org!: string;
  @IsOptional()
  @IsProjectId()
  readonly project?: string;
}

export class WrappedKey {
  @IsAccountId()
  readonly account!: string;
  /** RSA-OAEP of the file key, lower-case hexadecimal digits, two per byte of the modulus. */
  @Matches(/^(?:[0-9a-f]{512}|[0-9a-f]{768}|[0-9a-f]{1024})$/, { message: 'must be a wrapped file key' })
  readonly key!: string;
}

/**
 * Idempotent: a live file of the same id, organization and root document is given back as it is, keys included.
 * NOT_FOUND for another root document or project of the same id. The gateway has found out that it is not live in another
 * organization of the actor.
 */
export class CreateFile {
  @IsOrgId()
  readonly org!: string;
  @IsProjectId()
  readonly project!: string;
  @IsFileId()
  readonly file!: string;
  @IsPlainText(1, 100)
  readonly root!: string;
  @IsPlainText(0, 1_000)
  readonly name!: string;
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10_000)
  @ValidateNested({ each: true })
  @Type(() => WrappedKey)
  readonly keys!: readonly WrappedKey[];
}

export class OfFile {
  @IsOrgId()
  readonly org!: string;
  @IsIncarnation()
  readonly incarnation!: string;
}

export class ArchiveFile extends OfFile {
  @IsCommandId()
  readonly command!: string;
}

/** `key: null`: the actor has none for this file. */
export interface FileKey {
  readonly key: string | null;
}

export class ListBranches extends OfFile {
  @IsBoolean()
  readonly withSnapshots!: boolean;
}

/** Names are kept and given in lower case and looked up whatever the case. */
export class GetBranch extends OfFile {
  @IsString()
  @Length(1, 200)
  readonly branch!: string;
}

export interface BranchView {
  readonly name: string;
  readonly created: string;
  readonly modified: string;
  /** Oldest first, complete. Empty when the caller did not ask for them. */
  readonly snapshots: readonly string[];
}

export class RemoveBranch extends GetBranch {
  @IsCommandId()
  readonly command!: string;
}

/**
 * Moves a head by what `snapshots.stage` has checked (obligations O1–O3). The first snapshot's parent must be the head;
 * ids that already end the branch are a success without effect; the loser of a race gets HISTORY_CONFLICT.
 */
export class AppendSnapshots extends OfFile {
  @IsString()
  @Length(1, 200)
  readonly branch!: string;
  @IsListOf(isHash, 1_000, 'snapshot ids')
  readonly snapshots!: readonly string[];
  /** Forty zeros, or the id that comes before the first one. */
  @IsHash()
  readonly parent!: string;
  /** From `snapshots.stage`; names the records and their hashes. */
  @IsString()
  @Length(1, 100_000)
  readonly token!: string;
  /** `X-Insomnia-Client` */
  @IsPlainText(0, 100)
  readonly client!: string;
}

/** One snapshot of a file as `branches` has accepted it: with this content, from this account. */
export interface AcceptedSnapshot {
  readonly id: string;
  /** SHA-256 of the record. */
  readonly hash: string;
  readonly pushedBy: string;
}

export interface AppendedSnapshots {
  /** For each id asked for, in its order. */
  readonly accepted: readonly AcceptedSnapshot[];
}

/** Which of these snapshots of the file has any branch accepted. Asked by `snapshots` to settle what it has not heard of yet. */
export class ListAccepted extends OfFile {
  @IsListOf(isHash, 100_000, 'snapshot ids')
  readonly snapshots!: readonly string[];
}
