import { Inject, Injectable } from '@nestjs/common';
import {
  fingerprintOf,
  notFound,
  type ActorContext,
  type CreateOrganization,
  type Organization,
  type RenameOrganization,
} from '@tidemark/contracts';
import { currentState, handleCommand, type EventStore } from '@tidemark/event-store';
import { ORGS_STORE } from '../orgs.tokens.js';
import { organizationDecider, type OrganizationCommand } from './organization.decider.js';
import { organizationStream, type Organization as State } from './organization.js';

@Injectable()
export class OrganizationService {
  constructor(@Inject(ORGS_STORE) private readonly store: EventStore) {}

  create(message: CreateOrganization, actor: ActorContext): Promise<Organization> {
    return this.handle('create', message, actor);
  }

  rename(message: RenameOrganization, actor: ActorContext): Promise<Organization> {
    return this.handle('rename', message, actor);
  }

  /** Only its owner sees an organization; for everybody else there is none. */
  async get(org: string, actor: ActorContext): Promise<Organization> {
    const stream = organizationStream(org);
    const loaded = await this.store.load(org, stream);
    return shown(
      org,
      await currentState(this.store, organizationDecider, { org, stream }, loaded),
      actor.account,
    );
  }

  private async handle(
    kind: OrganizationCommand['kind'],
    { org, command, name }: CreateOrganization,
    actor: ActorContext,
  ): Promise<Organization> {
    const { state } = await handleCommand(this.store, organizationDecider, {
      org,
      stream: organizationStream(org),
      command: { kind, name, by: actor.account },
      commandId: command,
      fingerprint: fingerprintOf({ kind, name, by: actor.account }),
      meta: { account: actor.account, requestId: actor.requestId },
      at: new Date().toISOString(),
    });
    return shown(org, state, actor.account);
  }
}

function shown(org: string, state: State, account: string): Organization {
  if (state.status !== 'active' || state.owner !== account) throw notFound();
  return { id: org, name: state.name, createdAt: state.createdAt };
}
