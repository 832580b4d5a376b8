import { IsInt, IsOptional, IsUUID, Matches, Max, Min } from 'class-validator';
import { IsOrganizationName } from './organization-name.js';
import type { OrganizationKind } from './projects.js';

export const orgsMessages = {
  createOrganization: 'orgs.create-organization',
  renameOrganization: 'orgs.rename-organization',
  getOrganization: 'orgs.get-organization',
  listOrganizations: 'orgs.list-organizations',
} as const;

const ORG_ID = /^org_[0-9a-f]{32}$/;
const orgId = { message: 'must be an organization id: org_ and 32 hexadecimal digits' };

export class CreateOrganization {
  @Matches(ORG_ID, orgId)
  readonly org!: string;

  /** Names the command: sent again with the same one, it is done once. */
  @IsUUID('all')
  readonly command!: string;

  @IsOrganizationName()
  readonly name!: string;
}

export class RenameOrganization extends CreateOrganization {}

export class GetOrganization {
  @Matches(ORG_ID, orgId)
  readonly org!: string;
}

export class ListOrganizations {
  @IsOptional()
  @Matches(ORG_ID, orgId)
  readonly after?: string;

  @IsInt()
  @Min(1)
  @Max(200)
  readonly limit!: number;
}

export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly kind: OrganizationKind;
  readonly owner: string;
}
