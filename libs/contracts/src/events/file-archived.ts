import { IsFileId, IsIncarnation, IsProjectId } from '../messages/fields.js';
import type { NewEvent } from './event.js';

export class FileArchivedV1 {
  @IsFileId()
  readonly file!: string;

  @IsIncarnation()
  readonly incarnation!: string;

  @IsProjectId()
  readonly project!: string;
}

export type FileArchived = NewEvent<FileArchivedV1> & {
  readonly type: 'FileArchived';
  readonly typeVersion: 1;
};

export const fileArchived = (data: FileArchivedV1): FileArchived => ({
  type: 'FileArchived',
  typeVersion: 1,
  data,
});
