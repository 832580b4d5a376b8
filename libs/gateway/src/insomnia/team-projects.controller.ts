import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
  UseGuards,
} from '@nestjs/common';
import {
  DomainError,
  newCommandId,
  notFound,
  projectMessages,
  type ActorContext,
  type Project,
} from '@tidemark/contracts';
import { REQUESTS, type Requests } from '@tidemark/transport';
import { Actor } from '../access/actor.decorator.js';
import { AppSessionGuard } from '../access/app-session.guard.js';
import { Grants } from '../access/grants.js';
import type { Items } from '../asking/items.js';
import { OrgIdPipe } from '../organizations/org-id.pipe.js';

interface OfOrganization {
  readonly org: string;
  readonly [member: string]: string;
}

const PROJECT_ID = /^proj_[0-9a-zA-Z_-]{1,80}$/;

/**
 * An empty list makes the app turn every project of the organization into a local one: it is only ever sent when the organization
 * is there and really has none.
 */
@Controller('v1/organizations/:org/team-projects')
@UseGuards(AppSessionGuard)
export class TeamProjectsController {
  constructor(
    @Inject(REQUESTS) private readonly requests: Requests,
    @Inject(Grants) private readonly grants: Grants,
  ) {}

  @Get()
  async list(@Actor() actor: ActorContext, @Param('org', OrgIdPipe) org: string) {
    await this.grants.access(actor, org);
    const { items } = await this.send<Items<Project>>(actor, projectMessages.list, { org });
    return { data: items.map(({ id, name }) => ({ id, name })) };
  }

  @Post()
  @HttpCode(200)
  async create(@Actor() actor: ActorContext, @Param('org', OrgIdPipe) org: string, @Body() body: unknown) {
    await this.mayChange(actor, org);
    const message = { org, name: nameOf(body) };
    const { id, name } = await this.send<Project>(actor, projectMessages.create, message);
    return { id, name };
  }

  @Patch(':project')
  @HttpCode(204)
  async rename(
    @Actor() actor: ActorContext,
    @Param('org', OrgIdPipe) org: string,
    @Param('project') project: string,
    @Body() body: unknown,
  ): Promise<void> {
    await this.mayChange(actor, org, project);
    const message = { org, project, command: newCommandId(), name: nameOf(body) };
    await this.send(actor, projectMessages.rename, message);
  }

  /** For everybody, and its files with it. The app calls it "convert to local", too. Again it is a success. */
  @Delete(':project')
  @HttpCode(204)
  async remove(
    @Actor() actor: ActorContext,
    @Param('org', OrgIdPipe) org: string,
    @Param('project') project: string,
  ): Promise<void> {
    if (!PROJECT_ID.test(project)) throw notFound();
    await this.mayChange(actor, org);
    await this.send(actor, projectMessages.remove, { org, project, command: newCommandId() });
    this.grants.forget();
  }

  private async mayChange(actor: ActorContext, org: string, project?: string): Promise<void> {
    if (project !== undefined && !PROJECT_ID.test(project)) throw notFound();
    const { level } = await this.grants.access(actor, org, project);
    if (level !== 'write')
      throw new DomainError('FORBIDDEN', 'You may read this organization, but not change its projects.');
  }

  private send<Reply>(actor: ActorContext, pattern: string, message: OfOrganization): Promise<Reply> {
    return this.requests.send(pattern, message, { actor: { ...actor, org: message.org } });
  }
}

/** The app sends what was typed, with the blanks around it; members that it may add one day do no harm. */
function nameOf(body: unknown): string {
  const { name } = Object(body) as { name?: unknown };
  if (typeof name === 'string') return name.trim();
  throw new DomainError('INVALID_INPUT', 'name must be text.', [{ field: 'name', rule: 'isString' }]);
}
