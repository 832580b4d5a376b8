import { IsString, Length } from 'class-validator';
import type { NewEvent } from './event.js';

export class OrganizationRenamedV1 {
  @IsString()
  @Length(1, 200)
  readonly name!: string;
}

export type OrganizationRenamed = NewEvent<OrganizationRenamedV1> & {
  readonly type: 'OrganizationRenamed';
  readonly typeVersion: 1;
};

export const organizationRenamed = (data: OrganizationRenamedV1): OrganizationRenamed => ({
  type: 'OrganizationRenamed',
  typeVersion: 1,
  data,
});
