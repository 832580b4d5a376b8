import { IsOptional } from 'class-validator';
import { IsCommandId, IsListOf, IsOrgId, IsProjectId } from './fields.js';
import { IsOrganizationName } from './organization-name.js';
import { isAccountId } from '../ids.js';

/** Projects of an organization, and who may reach what. */
export const projectMessages = {
  access: 'orgs.access',
  list: 'orgs.list-projects',
  create: 'orgs.create-project',
  rename: 'orgs.rename-project',
  remove: 'orgs.delete-project',
  memberKeys: 'orgs.member-keys',
  people: 'orgs.people',
} as const;

/** May the actor reach this organization, and this project in it? NOT_FOUND when not. */
export class GetAccess {
  @IsOrgId()
  readonly org!: string;
  @IsOptional()
  @IsProjectId()
  readonly project?: string;
}

export interface Access {
  readonly org: string;
  readonly kind: OrganizationKind;
  readonly owner: string;
  readonly level: 'read' | 'write';
}

export type OrganizationKind = 'personal' | 'team';

export class ListProjects {
  @IsOrgId()
  readonly org!: string;
}

export interface Project {
  readonly id: string;
  readonly org: string;
  readonly name: string;
  readonly createdAt: string;
}

/** The same account, organization and name within 60 s gives the same project: the desktop app sends neither id nor key. */
export class CreateProject {
  @IsOrgId()
  readonly org!: string;
  @IsOrganizationName()
  readonly name!: string;
}

export class RenameProject {
  @IsOrgId()
  readonly org!: string;
  @IsProjectId()
  readonly project!: string;
  @IsCommandId()
  readonly command!: string;
  @IsOrganizationName()
  readonly name!: string;
}

/** Its files are archived by `branches`, which hears of it. */
export class DeleteProject {
  @IsOrgId()
  readonly org!: string;
  @IsProjectId()
  readonly project!: string;
  @IsCommandId()
  readonly command!: string;
}

/** The public keys of all members who have a key pair. */
export class ListMemberKeys {
  @IsOrgId()
  readonly org!: string;
}

export interface MemberKey {
  readonly account: string;
  /** JSON text of the JWK. */
  readonly publicKey: string;
}

/** Names of people who are or were members of the organization; others are left out. */
export class ListPeople {
  @IsOrgId()
  readonly org!: string;
  @IsListOf(isAccountId, 1_000, 'account ids')
  readonly accounts!: readonly string[];
}

export interface Person {
  readonly account: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
}
