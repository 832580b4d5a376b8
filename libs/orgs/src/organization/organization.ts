/** An organization as its events tell it. */
export type Organization =
  | { readonly status: 'absent' }
  | { readonly status: 'active'; readonly name: string; readonly owner: string; readonly createdAt: string };

export const noOrganization: Organization = { status: 'absent' };

export const organizationStream = (org: string) => `organization-${org}`;
