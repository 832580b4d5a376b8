import { Inject, Injectable } from '@nestjs/common';
import {
  fingerprintOf,
  newCommandId,
  newProjectId,
  notFound,
  type ActorContext,
  type CreateProject,
  type DeleteProject,
  type Project,
  type RenameProject,
} from '@tidemark/contracts';
import type { StreamTx } from '@tidemark/event-store';
import { organizationStream } from '../organization/organization.js';
import type { OrgsContext } from '../orgs.context.js';
import { ORGS_CONTEXT } from '../orgs.tokens.js';
import { accessTo } from './access.js';
import { projectDecider, type ProjectCommand } from './project.decider.js';
import { deleteProject, insertProject, projectsOf, renameProject, sameProject } from './project-rows.js';
import { projectStream } from './project.js';

/** The desktop app sends neither id nor key: the same wish within this time is the same project. */
const SAME_WISH_MS = 60_000;

@Injectable()
export class ProjectService {
  constructor(@Inject(ORGS_CONTEXT) private readonly orgs: OrgsContext) {}

  /** All of them or an error: an app that is told of none lets go of those it has. */
  async list(org: string, actor: ActorContext): Promise<Project[]> {
    await accessTo(this.orgs.db, { org }, actor);
    return this.orgs.db.tx({ tenant: org }, (tx) => projectsOf(tx, org));
  }

  async create({ org, name }: CreateProject, actor: ActorContext): Promise<Project> {
    await accessTo(this.orgs.db, { org }, actor);
    const now = this.orgs.now();
    const id = newProjectId();
    const since = new Date(now.getTime() - SAME_WISH_MS);
    return this.orgs.transactions.run({ tenant: org }, async (tx) => {
      await inTurn(tx, org);
      const same = await sameProject(tx, { org, name, by: actor.account, since });
      if (same) return same;
      const command = { kind: 'create', project: id, name, by: actor.account } as const;
      await this.handle(tx, org, command, newCommandId(), actor, now);
      const project = { id, org, name, createdAt: now.toISOString() };
      await insertProject(tx, project, actor.account);
      return project;
    });
  }

  async rename({ org, project, command, name }: RenameProject, actor: ActorContext): Promise<Project> {
    await accessTo(this.orgs.db, { org }, actor);
    return this.orgs.transactions.run({ tenant: org }, async (tx) => {
      const now = this.orgs.now();
      const { state } = await this.handle(tx, org, { kind: 'rename', project, name }, command, actor, now);
      if (state.status !== 'active') throw notFound();
      await renameProject(tx, org, project, state.name);
      return { id: project, org, name: state.name, createdAt: state.createdAt };
    });
  }

  /** Also the one in which people land: whoever turns all projects into local ones wants none here. */
  async remove({ org, project, command }: DeleteProject, actor: ActorContext): Promise<void> {
    await accessTo(this.orgs.db, { org }, actor);
    await this.orgs.transactions.run({ tenant: org }, async (tx) => {
      await this.handle(tx, org, { kind: 'delete', project }, command, actor, this.orgs.now());
      await deleteProject(tx, org, project);
    });
  }

  private handle(
    tx: StreamTx,
    org: string,
    command: ProjectCommand,
    commandId: string,
    { account, requestId }: ActorContext,
    now: Date,
  ) {
    return tx.handle(projectDecider, {
      org,
      stream: projectStream(command.project),
      command,
      commandId,
      fingerprint: fingerprintOf({ ...command, by: account }),
      meta: { account, requestId },
      at: now.toISOString(),
    });
  }
}

/** Who makes projects in an organization at the same moment does so one after the other, and sees what the others made. */
const inTurn = (tx: StreamTx, org: string) =>
  tx.query('select 1 from streams where org = $1 and stream = $2 for update', [org, organizationStream(org)]);
