import { IsString, Length, Matches } from 'class-validator';
import { IsProjectId } from '../messages/fields.js';
import type { NewEvent } from './event.js';

export class ProjectCreatedV1 {
  @IsProjectId()
  readonly project!: string;

  @IsString()
  @Length(1, 200)
  readonly name!: string;

  @Matches(/^acct_[0-9a-z]+$/)
  readonly by!: string;
}

export type ProjectCreated = NewEvent<ProjectCreatedV1> & {
  readonly type: 'ProjectCreated';
  readonly typeVersion: 1;
};

export const projectCreated = (data: ProjectCreatedV1): ProjectCreated => ({
  type: 'ProjectCreated',
  typeVersion: 1,
  data,
});
