import { Controller, Delete, Get, Inject, Param, Patch, Post, Put, Query, UseGuards } from '@nestjs/common';
import { DomainError, projectMessages, type ActorContext, type Person } from '@tidemark/contracts';
import { REQUESTS, type Requests } from '@tidemark/transport';
import { Actor } from '../access/actor.decorator.js';
import { AppSessionGuard } from '../access/app-session.guard.js';
import { Grants } from '../access/grants.js';
import type { Items } from '../asking/items.js';
import { OrgIdPipe } from '../organizations/org-id.pipe.js';

/** Members and invitations of an organization, as the app's dialog for them asks. */
@Controller('v1/organizations/:org')
@UseGuards(AppSessionGuard)
export class PeopleController {
  constructor(
    @Inject(REQUESTS) private readonly requests: Requests,
    @Inject(Grants) private readonly grants: Grants,
  ) {}

  @Get('members')
  async members(
    @Actor() actor: ActorContext,
    @Param('org', OrgIdPipe) org: string,
    @Query('page') page: unknown,
    @Query('email') email: unknown,
  ) {
    const { owner } = await this.grants.access(actor, org);
    const { items } = await this.requests.send<Items<Person>>(
      projectMessages.people,
      { org, accounts: [owner] },
      { actor: { ...actor, org } },
    );
    const wanted = typeof email === 'string' ? email.toLowerCase() : '';
    const members = items.filter((person) => person.email.toLowerCase().includes(wanted)).map(shown);
    return { members: page === undefined || page === '0' ? members : [], total: members.length };
  }

  @Get('invites')
  async invites(@Actor() actor: ActorContext, @Param('org', OrgIdPipe) org: string) {
    await this.grants.access(actor, org);
    return { invitations: [] };
  }

  @Post(['check-seats', 'invites', 'invites/instructions', 'invites/:id/reinvite', 'reconcile-keys'])
  invite(@Actor() actor: ActorContext, @Param('org', OrgIdPipe) org: string): Promise<never> {
    return this.refuse(actor, org);
  }

  @Get('my-project-keys')
  keys(@Actor() actor: ActorContext, @Param('org', OrgIdPipe) org: string): Promise<never> {
    return this.refuse(actor, org);
  }

  @Put('members/:account/roles')
  setRole(@Actor() actor: ActorContext, @Param('org', OrgIdPipe) org: string): Promise<never> {
    return this.refuse(actor, org);
  }

  @Patch(['members/:account/roles', 'invites/:id'])
  changeRole(@Actor() actor: ActorContext, @Param('org', OrgIdPipe) org: string): Promise<never> {
    return this.refuse(actor, org);
  }

  @Delete(['members/:account', 'invites/:id'])
  remove(@Actor() actor: ActorContext, @Param('org', OrgIdPipe) org: string): Promise<never> {
    return this.refuse(actor, org);
  }

  private async refuse(actor: ActorContext, org: string): Promise<never> {
    const { kind } = await this.grants.access(actor, org);
    throw new DomainError(
      'FORBIDDEN',
      kind === 'personal'
        ? 'This is a personal space: nobody else can be invited to it.'
        : 'Inviting people to an organization is not offered by this version yet.',
    );
  }
}

const shown = ({ account, firstName, lastName, email }: Person) => ({
  user_id: account,
  role_name: 'owner',
  picture: '',
  name: `${firstName} ${lastName}`.trim() || email,
  email,
  created: '',
});
