import { Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  fileAbsent,
  AppendSnapshots,
  branchMessages,
  GetBranch,
  ListAccepted,
  ListBranches,
  RemoveBranch,
  type ActorContext,
  type AppendedSnapshots,
  type BranchView,
} from '@tidemark/contracts';
import type { Database } from '@tidemark/runtime';
import { Actor, mustBeOf, RequestHandlers } from '@tidemark/transport';
import { BRANCHES_DATABASE } from '../branches.tokens.js';
import { getBranch, listAccepted, listBranches } from './branch.query.js';
import { BranchService } from './branch.service.js';

@RequestHandlers()
export class BranchController {
  constructor(
    @Inject(BranchService) private readonly branches: BranchService,
    @Inject(BRANCHES_DATABASE) private readonly db: Database,
  ) {}

  @MessagePattern(branchMessages.listBranches)
  async list(@Payload() message: ListBranches, @Actor() actor: ActorContext): Promise<BranchView[]> {
    mustBeOf(message.org, actor, fileAbsent);
    return listBranches(this.db, message);
  }

  @MessagePattern(branchMessages.getBranch)
  async get(@Payload() message: GetBranch, @Actor() actor: ActorContext): Promise<BranchView | null> {
    mustBeOf(message.org, actor, fileAbsent);
    return getBranch(this.db, message);
  }

  @MessagePattern(branchMessages.append)
  async append(
    @Payload() message: AppendSnapshots,
    @Actor() actor: ActorContext,
  ): Promise<AppendedSnapshots> {
    mustBeOf(message.org, actor, fileAbsent);
    return this.branches.append(message, actor);
  }

  @MessagePattern(branchMessages.removeBranch)
  async remove(@Payload() message: RemoveBranch, @Actor() actor: ActorContext): Promise<void> {
    mustBeOf(message.org, actor, fileAbsent);
    await this.branches.remove(message, actor);
  }

  @MessagePattern(branchMessages.accepted)
  async accepted(@Payload() message: ListAccepted, @Actor() actor: ActorContext): Promise<AppendedSnapshots> {
    mustBeOf(message.org, actor, fileAbsent);
    return listAccepted(this.db, message);
  }
}
