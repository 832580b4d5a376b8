import { Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  CreateOrganization,
  GetOrganization,
  ListOrganizations,
  orgsMessages,
  RenameOrganization,
  type ActorContext,
  type Organization,
  type Page,
} from '@tidemark/contracts';
import type { Database } from '@tidemark/runtime';
import { Actor, RequestHandlers } from '@tidemark/transport';
import { listOrganizations } from '../organization-list/organization-list.query.js';
import { ORGS_DATABASE } from '../orgs.tokens.js';
import { OrganizationService } from './organization.service.js';

@RequestHandlers()
export class OrganizationController {
  constructor(
    @Inject(OrganizationService) private readonly organizations: OrganizationService,
    @Inject(ORGS_DATABASE) private readonly db: Database,
  ) {}

  @MessagePattern(orgsMessages.createOrganization)
  create(@Payload() message: CreateOrganization, @Actor() actor: ActorContext): Promise<Organization> {
    return this.organizations.create(message, actor);
  }

  @MessagePattern(orgsMessages.renameOrganization)
  rename(@Payload() message: RenameOrganization, @Actor() actor: ActorContext): Promise<Organization> {
    return this.organizations.rename(message, actor);
  }

  @MessagePattern(orgsMessages.getOrganization)
  get(@Payload() { org }: GetOrganization, @Actor() actor: ActorContext): Promise<Organization> {
    return this.organizations.get(org, actor);
  }

  @MessagePattern(orgsMessages.listOrganizations)
  list(@Payload() page: ListOrganizations, @Actor() actor: ActorContext): Promise<Page<Organization>> {
    return listOrganizations(this.db, actor.account, page);
  }
}
