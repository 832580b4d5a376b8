import { IsString, Length, Matches } from 'class-validator';
import type { NewEvent } from './event.js';

export class OrganizationCreatedV1 {
  @IsString()
  @Length(1, 200)
  readonly name!: string;

  /** The account that made it and owns it. */
  @Matches(/^acct_[0-9a-z]+$/)
  readonly by!: string;
}

export type OrganizationCreated = NewEvent<OrganizationCreatedV1> & {
  readonly type: 'OrganizationCreated';
  readonly typeVersion: 1;
};

export const organizationCreated = (data: OrganizationCreatedV1): OrganizationCreated => ({
  type: 'OrganizationCreated',
  typeVersion: 1,
  data,
});
