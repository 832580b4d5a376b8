import { IsString, Length } from 'class-validator';
import { IsFileId, IsIncarnation, IsProjectId } from '../messages/fields.js';
import type { NewEvent } from './event.js';

export class FileCreatedV1 {
  /** The client's id: unique among the live files of the organization. */
  @IsFileId()
  readonly file!: string;

  @IsIncarnation()
  readonly incarnation!: string;

  @IsProjectId()
  readonly project!: string;

  @IsString()
  @Length(1, 100)
  readonly root!: string;

  @IsString()
  @Length(0, 1000)
  readonly name!: string;
}

export type FileCreated = NewEvent<FileCreatedV1> & { readonly type: 'FileCreated'; readonly typeVersion: 1 };

export const fileCreated = (data: FileCreatedV1): FileCreated => ({
  type: 'FileCreated',
  typeVersion: 1,
  data,
});
