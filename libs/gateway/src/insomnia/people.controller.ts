import { Controller, Delete, Get, Inject, Param, Patch, Post, Put, Query, UseGuards } from '@nestjs/common';
import { DomainError, projectMessages, type ActorContext, type Person } from '@tidemark/contracts';
import { REQUESTS, type Requests } from '@tidemark/transport';
import { Actor } from '../access/actor.decorator.js';
import { AppSessionGuard } from '../access/app-session.guard.js';
import { Grants } from '../access/grants.js';
import type { Items } from '../asking/items.js';
import { OrgIdPipe } from '../organizations/org-id.pipe.js';

const ORG = 'v1/organizations/:org';

/** Where apps after 10.1 ask for members and invitations together. */
const NEWER = 'v1/desktop/organizations/:org/collaborators';

/** Members and invitations of an organization, as the app's dialog for them asks. */
@Controller()
@UseGuards(AppSessionGuard)
export class PeopleController {
  constructor(
    @Inject(REQUESTS) private readonly requests: Requests,
    @Inject(Grants) private readonly grants: Grants,
  ) {}

  @Get(`${ORG}/members`)
  async members(
    @Actor() actor: ActorContext,
    @Param('org', OrgIdPipe) org: string,
    @Query('page') page: unknown,
    @Query('email') email: unknown,
  ) {
    const members = (await this.people(actor, org, email)).map(shown);
    return { members: page === undefined || page === '0' ? members : [], total: members.length };
  }

  @Get(`${ORG}/invites`)
  async invites(@Actor() actor: ActorContext, @Param('org', OrgIdPipe) org: string) {
    await this.grants.access(actor, org);
    return { invitations: [] };
  }

  @Get(NEWER)
  async collaborators(
    @Actor() actor: ActorContext,
    @Param('org', OrgIdPipe) org: string,
    @Query('filter') filter: unknown,
  ) {
    const collaborators = (await this.people(actor, org, filter)).map(shownAsCollaborator);
    const total = collaborators.length;
    return { collaborators, start: 0, limit: 25, length: total, total, next: '' };
  }

  @Post([
    `${ORG}/check-seats`,
    `${ORG}/invites`,
    `${ORG}/invites/instructions`,
    `${ORG}/invites/:id/reinvite`,
    `${ORG}/reconcile-keys`,
    `${NEWER}/start-adding`,
    `${NEWER}/finish-adding`,
  ])
  invite(@Actor() actor: ActorContext, @Param('org', OrgIdPipe) org: string): Promise<never> {
    return this.refuse(actor, org);
  }

  @Get(`${ORG}/my-project-keys`)
  keys(@Actor() actor: ActorContext, @Param('org', OrgIdPipe) org: string): Promise<never> {
    return this.refuse(actor, org);
  }

  @Put(`${ORG}/members/:account/roles`)
  setRole(@Actor() actor: ActorContext, @Param('org', OrgIdPipe) org: string): Promise<never> {
    return this.refuse(actor, org);
  }

  @Patch([`${ORG}/members/:account/roles`, `${ORG}/invites/:id`])
  changeRole(@Actor() actor: ActorContext, @Param('org', OrgIdPipe) org: string): Promise<never> {
    return this.refuse(actor, org);
  }

  @Delete([`${ORG}/members/:account`, `${ORG}/invites/:id`, `${NEWER}/:id/unlink`])
  remove(@Actor() actor: ActorContext, @Param('org', OrgIdPipe) org: string): Promise<never> {
    return this.refuse(actor, org);
  }

  /** Its one member, if address or name hold what is looked for. */
  private async people(actor: ActorContext, org: string, filter: unknown): Promise<Person[]> {
    const { owner } = await this.grants.access(actor, org);
    const { items } = await this.requests.send<Items<Person>>(
      projectMessages.people,
      { org, accounts: [owner] },
      { actor: { ...actor, org } },
    );
    const wanted = typeof filter === 'string' ? filter.toLowerCase() : '';
    return items.filter((person) => `${person.email} ${nameOf(person)}`.toLowerCase().includes(wanted));
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

const shown = (person: Person) => ({
  user_id: person.account,
  role_name: 'owner',
  picture: '',
  name: nameOf(person),
  email: person.email,
  created: '',
});

const shownAsCollaborator = (person: Person) => ({
  id: person.account,
  picture: '',
  type: 'member',
  name: nameOf(person),
  createdAt: '',
  metadata: { roleId: 'role_owner', email: person.email, userId: person.account },
});

const nameOf = ({ firstName, lastName, email }: Person): string => `${firstName} ${lastName}`.trim() || email;
