import {
  Body,
  Controller,
  Get,
  Headers,
  Inject,
  Param,
  Patch,
  Post,
  Query,
  Req,
  UseGuards,
} from '@nestjs/common';
import { orgsMessages, type ActorContext, type Organization, type Page } from '@tidemark/contracts';
import { REQUESTS, type Requests } from '@tidemark/transport';
import { AccessGuard } from '../access/access.guard.js';
import { Actor } from '../access/actor.decorator.js';
import type { KnownRequest } from '../access/known-request.js';
import { Sessions } from '../access/sessions.js';
import { checkedKey, commandId, orgIdFor } from './command-ids.js';
import { OrganizationBody, OrganizationsQuery } from './organizations.dto.js';
import { OrgIdPipe } from './org-id.pipe.js';

@Controller('api/v1/organizations')
@UseGuards(AccessGuard)
export class OrganizationsController {
  constructor(
    @Inject(REQUESTS) private readonly requests: Requests,
    @Inject(Sessions) private readonly sessions: Sessions,
  ) {}

  @Post()
  create(
    @Actor() actor: ActorContext,
    @Req() request: KnownRequest,
    @Body() { name }: OrganizationBody,
    @Headers('idempotency-key') header?: string,
  ): Promise<Organization> {
    const key = checkedKey(header);
    const org = orgIdFor(actor.account, key);
    const command = commandId(actor.account, 'create-organization', key);
    return this.requests
      .send<Organization>(orgsMessages.createOrganization, { org, command, name }, { actor })
      .finally(() => request.token !== undefined && this.sessions.forget(request.token));
  }

  @Patch(':org')
  rename(
    @Actor() actor: ActorContext,
    @Param('org', OrgIdPipe) org: string,
    @Body() { name }: OrganizationBody,
    @Headers('idempotency-key') key?: string,
  ): Promise<Organization> {
    const command = commandId(actor.account, `rename-organization ${org}`, checkedKey(key));
    return this.requests.send(orgsMessages.renameOrganization, { org, command, name }, { actor });
  }

  @Get()
  list(@Actor() actor: ActorContext, @Query() query: OrganizationsQuery): Promise<Page<Organization>> {
    return this.requests.send(orgsMessages.listOrganizations, { ...query }, { actor });
  }

  @Get(':org')
  get(@Actor() actor: ActorContext, @Param('org', OrgIdPipe) org: string): Promise<Organization> {
    return this.requests.send(orgsMessages.getOrganization, { org }, { actor });
  }
}
