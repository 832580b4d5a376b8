import { IsString, Length } from 'class-validator';
import { IsProjectId } from '../messages/fields.js';
import type { NewEvent } from './event.js';

export class ProjectRenamedV1 {
  @IsProjectId()
  readonly project!: string;

  @IsString()
  @Length(1, 200)
  readonly name!: string;
}

export type ProjectRenamed = NewEvent<ProjectRenamedV1> & {
  readonly type: 'ProjectRenamed';
  readonly typeVersion: 1;
};

export const projectRenamed = (data: ProjectRenamedV1): ProjectRenamed => ({
  type: 'ProjectRenamed',
  typeVersion: 1,
  data,
});
