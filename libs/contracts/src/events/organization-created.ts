import { IsIn, IsString, Length, Matches } from 'class-validator';
import type { NewEvent } from './event.js';

export class OrganizationCreatedV1 {
  @IsString()
  @Length(1, 200)
  readonly name!: string;

  /** The account that made it and owns it. */
  @Matches(/^acct_[0-9a-z]+$/)
  readonly by!: string;
}

export class OrganizationCreatedV2 extends OrganizationCreatedV1 {
  /** Everybody's own one, or one for several people. Version 1 knew only the second. */
  @IsIn(['personal', 'team'])
  readonly kind!: 'personal' | 'team';
}

export type OrganizationCreated = NewEvent<OrganizationCreatedV1 | OrganizationCreatedV2> & {
  readonly type: 'OrganizationCreated';
  readonly typeVersion: 1 | 2;
};

export const organizationCreated = ({
  kind = 'team',
  ...data
}: OrganizationCreatedV1 & Partial<OrganizationCreatedV2>): OrganizationCreated => ({
  type: 'OrganizationCreated',
  typeVersion: 2,
  data: { ...data, kind },
});
