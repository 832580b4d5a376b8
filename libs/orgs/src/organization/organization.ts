import type { OrganizationKind } from '@tidemark/contracts';

/** An organization as its events tell it. */
export type Organization =
  | { readonly status: 'absent' }
  | {
      readonly status: 'active';
      readonly kind: OrganizationKind;
      readonly name: string;
      readonly owner: string;
      readonly createdAt: string;
    };

export const noOrganization: Organization = { status: 'absent' };

export const organizationStream = (org: string) => `organization-${org}`;

/** Everybody's own organization at first. No personal data: names of organizations stand in events. */
export const PERSONAL_NAME = 'Personal';
