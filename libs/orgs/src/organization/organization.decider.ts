import {
  notFound,
  organizationCreated,
  organizationRenamed,
  type OrganizationCreated,
  type OrganizationRenamed,
} from '@tidemark/contracts';
import type { Decider } from '@tidemark/event-store';
import { noOrganization, type Organization } from './organization.js';
import { organizationExists } from './organization.errors.js';

export type OrganizationCommand =
  | { readonly kind: 'create'; readonly name: string; readonly by: string }
  | { readonly kind: 'rename'; readonly name: string; readonly by: string };

export type OrganizationEvent = OrganizationCreated | OrganizationRenamed;

export const organizationDecider: Decider<OrganizationCommand, Organization, OrganizationEvent> = {
  schema: 1,
  initial: noOrganization,

  decide: (command, organization) =>
    command.kind === 'create' ? create(command, organization) : rename(command, organization),

  evolve: (organization, event) => {
    if (event.type === 'OrganizationCreated') {
      return { status: 'active', name: event.data.name, owner: event.data.by, createdAt: event.at };
    }
    return organization.status === 'active' ? { ...organization, name: event.data.name } : organization;
  },
};

function create(command: OrganizationCommand, organization: Organization): OrganizationEvent[] {
  if (organization.status !== 'absent') throw organizationExists();
  return [organizationCreated({ name: command.name, by: command.by })];
}

/** Whoever is not its owner is told the same as where there is none. */
function rename(command: OrganizationCommand, organization: Organization): OrganizationEvent[] {
  if (organization.status !== 'active' || organization.owner !== command.by) throw notFound();
  return organization.name === command.name ? [] : [organizationRenamed({ name: command.name })];
}
