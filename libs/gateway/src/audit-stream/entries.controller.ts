import { Controller, Get, Inject, Param, Query, UseGuards } from '@nestjs/common';
import type { ActorContext, AuditEntry, Page } from '@tidemark/contracts';
import { AccessGuard } from '../access/access.guard.js';
import { Actor } from '../access/actor.decorator.js';
import { OrgIdPipe } from '../organizations/org-id.pipe.js';
import { EntriesQuery } from '../organizations/organizations.dto.js';
import { Entries } from './entries.js';

@Controller('api/v1/organizations/:org/audit')
@UseGuards(AccessGuard)
export class EntriesController {
  constructor(@Inject(Entries) private readonly entries: Entries) {}

  @Get()
  async list(
    @Actor() actor: ActorContext,
    @Param('org', OrgIdPipe) org: string,
    @Query() { after, limit }: EntriesQuery,
  ): Promise<Page<AuditEntry>> {
    await this.entries.mayRead(actor, org);
    return this.entries.after(actor, org, after, limit);
  }
}
