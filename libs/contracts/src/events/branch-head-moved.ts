import { Type } from 'class-transformer';
import { IsArray, IsInt, IsString, Length, Min, ValidateNested } from 'class-validator';
import { IsFileId, IsHash, IsIncarnation, IsProjectId, IsSha256 } from '../messages/fields.js';
import type { NewEvent } from './event.js';

export class AcceptedRecord {
  @IsHash()
  readonly id!: string;

  /** SHA-256 of the record with this id that is the accepted one. */
  @IsSha256()
  readonly hash!: string;
}

/** A push. The account in the event's meta is the one that pushed. */
export class BranchHeadMovedV1 {
  @IsFileId()
  readonly file!: string;

  @IsIncarnation()
  readonly incarnation!: string;

  @IsProjectId()
  readonly project!: string;

  @IsString()
  @Length(1, 200)
  readonly branch!: string;

  /** What the branch got, oldest first. */
  @IsHash(true)
  readonly snapshots!: readonly string[];

  /** Those of them that no branch of the file had before. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => AcceptedRecord)
  readonly accepted!: readonly AcceptedRecord[];

  /** How many snapshots the branch has now. */
  @IsInt()
  @Min(1)
  readonly length!: number;
}

export type BranchHeadMoved = NewEvent<BranchHeadMovedV1> & {
  readonly type: 'BranchHeadMoved';
  readonly typeVersion: 1;
};

export const branchHeadMoved = (data: BranchHeadMovedV1): BranchHeadMoved => ({
  type: 'BranchHeadMoved',
  typeVersion: 1,
  data,
});
