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
import type { OrgsContext } from '../orgs.context.js';
import { ORGS_CONTEXT, ORGS_STORE } from '../orgs.tokens.js';
import { makeOrganization } from './make-organization.js';
import { organizationDecider } from './organization.decider.js';
import { organizationStream, type Organization as State } from './organization.js';

@Injectable()
export class OrganizationService {
  constructor(
    @Inject(ORGS_STORE) private readonly store: EventStore,
    @Inject(ORGS_CONTEXT) private readonly orgs: OrgsContext,
  ) {}

  async create({ org, name, command }: CreateOrganization, actor: ActorContext): Promise<Organization> {
    const { account: by, requestId } = actor;
    const made = { org, kind: 'team', name, by, command, requestId, now: this.orgs.now() } as const;
    const { state } = await this.orgs.transactions.run({ tenant: org }, (tx) => makeOrganization(tx, made));
    return shown(org, state, by);
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

  async rename({ org, command, name }: RenameOrganization, actor: ActorContext): Promise<Organization> {
    const rename = { kind: 'rename', name, by: actor.account } as const;
    const { state } = await handleCommand(this.store, organizationDecider, {
      org,
      stream: organizationStream(org),
      command: rename,
      commandId: command,
      fingerprint: fingerprintOf(rename),
      meta: { account: actor.account, requestId: actor.requestId },
      at: new Date().toISOString(),
    });
    return shown(org, state, actor.account);
  }
}

function shown(org: string, state: State, account: string): Organization {
  if (state.status !== 'active' || state.owner !== account) throw notFound();
  const { name, kind, owner, createdAt } = state;
  return { id: org, name, kind, owner, createdAt };
}
