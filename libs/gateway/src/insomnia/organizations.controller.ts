import { Controller, Get, HttpCode, Inject, Param, Patch, Post, UseGuards } from '@nestjs/common';
import { branchMessages, notFound, type ActorContext, type FileView } from '@tidemark/contracts';
import { REQUESTS, type Requests } from '@tidemark/transport';
import { Actor } from '../access/actor.decorator.js';
import { AppSessionGuard } from '../access/app-session.guard.js';
import { Grants } from '../access/grants.js';
import { OrgIdPipe } from '../organizations/org-id.pipe.js';
import { Organizations } from './organizations.js';
import { features, shownOrganization, storageRule } from './organizations.views.js';
import { permissionsOf, roleOf, roles } from './roles.js';

@Controller('v1')
@UseGuards(AppSessionGuard)
export class AppOrganizationsController {
  constructor(
    @Inject(REQUESTS) private readonly requests: Requests,
    @Inject(Grants) private readonly grants: Grants,
    @Inject(Organizations) private readonly organizations: Organizations,
  ) {}

  @Get('organizations')
  async list(@Actor() actor: ActorContext) {
    const all = await this.organizations.all(actor);
    return {
      organizations: all.map(shownOrganization),
      start: 0,
      limit: all.length,
      length: all.length,
      total: all.length,
      next: '',
    };
  }

  @Get('organizations/roles')
  roles() {
    return roles;
  }

  @Get('organizations/:org')
  async get(@Actor() actor: ActorContext, @Param('org', OrgIdPipe) org: string) {
    await this.grants.access(actor, org);
    return shownOrganization(await this.organizations.get(actor, org));
  }

  @Get('organizations/:org/features')
  async features(@Actor() actor: ActorContext, @Param('org', OrgIdPipe) org: string) {
    await this.grants.access(actor, org);
    return features;
  }

  @Get('organizations/:org/storage-rule')
  async storageRule(@Actor() actor: ActorContext, @Param('org', OrgIdPipe) org: string) {
    await this.grants.access(actor, org);
    return storageRule;
  }

  @Get('organizations/:org/user-permissions')
  async permissions(@Actor() actor: ActorContext, @Param('org', OrgIdPipe) org: string) {
    return permissionsOf(actor.account, await this.grants.access(actor, org));
  }

  @Get('organizations/:org/members/:account/roles')
  async role(
    @Actor() actor: ActorContext,
    @Param('org', OrgIdPipe) org: string,
    @Param('account') account: string,
  ) {
    const access = await this.grants.access(actor, org);
    if (account !== access.owner && account !== actor.account) throw notFound();
    const { id, name, description } = roleOf(account, access);
    return { roleId: id, name, description };
  }

  /** Who else looks at the same file; nobody is told yet. */
  @Post('organizations/:org/collaborators')
  @HttpCode(200)
  async presence(@Actor() actor: ActorContext, @Param('org', OrgIdPipe) org: string) {
    await this.grants.access(actor, org);
    return { data: [] };
  }

  @Patch('organizations/:org/git-projects')
  @HttpCode(204)
  gitProjects(@Param('org', OrgIdPipe) _org: string): void {}

  /** Every file of every organization, for the command palette. */
  @Get('user/files')
  async files(@Actor() actor: ActorContext) {
    const all = await this.organizations.all(actor);
    const lists = await Promise.all(all.map(({ id }) => this.filesOf(actor, id)));
    return lists.flat().map(({ root, name, file, project, org }) => ({
      id: root,
      name,
      projectId: file,
      teamProjectId: project,
      organizationId: org,
    }));
  }

  private filesOf(actor: ActorContext, org: string): Promise<FileView[]> {
    return this.requests.send(branchMessages.listFiles, { org }, { actor: { ...actor, org } });
  }
}
