import { Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  CreateProject,
  DeleteProject,
  GetAccess,
  ListMemberKeys,
  ListPeople,
  ListProjects,
  projectMessages,
  RenameProject,
  type Access,
  type ActorContext,
  type MemberKey,
  type Person,
  type Project,
} from '@tidemark/contracts';
import type { Database } from '@tidemark/runtime';
import { Actor, RequestHandlers } from '@tidemark/transport';
import { ORGS_DATABASE } from '../orgs.tokens.js';
import { accessTo } from './access.js';
import { keysOfMembers, peopleOf } from './members.js';
import { ProjectService } from './project.service.js';

@RequestHandlers()
export class ProjectController {
  constructor(
    @Inject(ProjectService) private readonly projects: ProjectService,
    @Inject(ORGS_DATABASE) private readonly db: Database,
  ) {}

  @MessagePattern(projectMessages.access)
  access(@Payload() message: GetAccess, @Actor() actor: ActorContext): Promise<Access> {
    return accessTo(this.db, message, actor);
  }

  @MessagePattern(projectMessages.list)
  async list(@Payload() { org }: ListProjects, @Actor() actor: ActorContext): Promise<{ items: Project[] }> {
    return { items: await this.projects.list(org, actor) };
  }

  @MessagePattern(projectMessages.create)
  create(@Payload() message: CreateProject, @Actor() actor: ActorContext): Promise<Project> {
    return this.projects.create(message, actor);
  }

  @MessagePattern(projectMessages.rename)
  rename(@Payload() message: RenameProject, @Actor() actor: ActorContext): Promise<Project> {
    return this.projects.rename(message, actor);
  }

  @MessagePattern(projectMessages.remove)
  async remove(@Payload() message: DeleteProject, @Actor() actor: ActorContext): Promise<object> {
    await this.projects.remove(message, actor);
    return {};
  }

  @MessagePattern(projectMessages.memberKeys)
  async memberKeys(
    @Payload() { org }: ListMemberKeys,
    @Actor() actor: ActorContext,
  ): Promise<{ items: MemberKey[] }> {
    await accessTo(this.db, { org }, actor);
    return { items: await keysOfMembers(this.db, org) };
  }

  @MessagePattern(projectMessages.people)
  async people(
    @Payload() { org, accounts }: ListPeople,
    @Actor() actor: ActorContext,
  ): Promise<{ items: Person[] }> {
    await accessTo(this.db, { org }, actor);
    return { items: await peopleOf(this.db, org, accounts) };
  }
}
