import type { Access } from '@tidemark/contracts';

export interface Role {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}

const role = (name: string, description: string): Role => ({ id: `role_${name}`, name, description });

/** The app knows `owner` and `member` by these names, and sends ids. */
export const roles: readonly Role[] = [
  role('owner', 'Owns the organization and may do everything in it.'),
  role('admin', 'Looks after members, projects and settings.'),
  role('member', 'Works on projects and files.'),
  role('viewer', 'Reads projects and files.'),
];

const named = (name: string): Role => roles.find((each) => each.name === name)!;

export const roleOf = (account: string, { owner, level }: Access): Role =>
  named(account === owner ? 'owner' : level === 'write' ? 'member' : 'viewer');

const forEverybody = ['read:organization', 'read:membership', 'read:team_project'];
const forMembers = [...forEverybody, 'create:team_project'];
const forOwners = [
  ...forMembers,
  'own:organization',
  'update:organization',
  'read:invitation',
  'update:team_project',
  'delete:team_project',
  'delete:file',
];

/** In the app's words; a name that is missing hides a button, so all are there. */
const permissions = [
  'own:organization',
  'read:organization',
  'delete:organization',
  'update:organization',
  'leave:organization',
  'read:membership',
  'delete:membership',
  'update:membership',
  'read:invitation',
  'create:invitation',
  'delete:invitation',
  'create:team_project',
  'read:team_project',
  'update:team_project',
  'delete:team_project',
  'delete:file',
  'create:enterprise_connection',
  'read:enterprise_connection',
  'update:enterprise_connection',
  'delete:enterprise_connection',
  'get:organization:transfers',
  'start:organization:transfer',
  'revoke:organization:transfer',
];

const granted: Record<string, readonly string[]> = { owner: forOwners, member: forMembers };

export function permissionsOf(account: string, access: Access): Record<string, boolean> {
  const allowed = new Set(granted[roleOf(account, access).name] ?? forEverybody);
  return Object.fromEntries(permissions.map((permission) => [permission, allowed.has(permission)]));
}
