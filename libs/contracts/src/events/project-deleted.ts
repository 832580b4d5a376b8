import { IsProjectId } from '../messages/fields.js';
import type { NewEvent } from './event.js';

export class ProjectDeletedV1 {
  @IsProjectId()
  readonly project!: string;
}

export type ProjectDeleted = NewEvent<ProjectDeletedV1> & {
  readonly type: 'ProjectDeleted';
  readonly typeVersion: 1;
};

export const projectDeleted = (data: ProjectDeletedV1): ProjectDeleted => ({
  type: 'ProjectDeleted',
  typeVersion: 1,
  data,
});
