import { IsString, Length } from 'class-validator';
import { IsFileId, IsIncarnation, IsProjectId } from '../messages/fields.js';
import type { NewEvent } from './event.js';

export class BranchRemovedV1 {
  @IsFileId()
  readonly file!: string;

  @IsIncarnation()
  readonly incarnation!: string;

  @IsProjectId()
  readonly project!: string;

  @IsString()
  @Length(1, 200)
  readonly branch!: string;
}

export type BranchRemoved = NewEvent<BranchRemovedV1> & {
  readonly type: 'BranchRemoved';
  readonly typeVersion: 1;
};

export const branchRemoved = (data: BranchRemovedV1): BranchRemoved => ({
  type: 'BranchRemoved',
  typeVersion: 1,
  data,
});
