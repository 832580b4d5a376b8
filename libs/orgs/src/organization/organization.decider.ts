import {
  notFound,
  organizationCreated,
  organizationRenamed,
  type OrganizationCreated,
  type OrganizationKind,
  type OrganizationRenamed,
} from '@tidemark/contracts';
import type { Decider } from '@tidemark/event-store';
import { noOrganization, type Organization } from './organization.js';
import { organizationExists } from './organization.errors.js';

export type OrganizationCommand =
  | {
      readonly kind: 'create';
      readonly name: string;
      readonly by: string;
      /** One for several people unless it says otherwise. */
      readonly of?: OrganizationKind;
    }
  | { readonly kind: 'rename'; readonly name: string; readonly by: string };

export type OrganizationEvent = OrganizationCreated | OrganizationRenamed;

export const organizationDecider: Decider<OrganizationCommand, Organization, OrganizationEvent> = {
  schema: 2,
  initial: noOrganization,

  decide: (command, organization) =>
    command.kind === 'create' ? create(command, organization) : rename(command, organization),

  evolve: (organization, event) => {
    if (event.type === 'OrganizationCreated') {
      const { name, by } = event.data;
      const kind = 'kind' in event.data ? event.data.kind : 'team';
      return { status: 'active', kind, name, owner: by, createdAt: event.at };
    }
    return organization.status === 'active' ? { ...organization, name: event.data.name } : organization;
  },
};

function create(
  command: Extract<OrganizationCommand, { kind: 'create' }>,
  organization: Organization,
): OrganizationEvent[] {
  if (organization.status !== 'absent') throw organizationExists();
  return [organizationCreated({ name: command.name, by: command.by, kind: command.of ?? 'team' })];
}

/** Whoever is not its owner is told the same as where there is none. */
function rename(command: OrganizationCommand, organization: Organization): OrganizationEvent[] {
  if (organization.status !== 'active' || organization.owner !== command.by) throw notFound();
  return organization.name === command.name ? [] : [organizationRenamed({ name: command.name })];
}
