import { Inject, Injectable, Module, type DynamicModule } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown, OnModuleDestroy } from '@nestjs/common';
import type { Leadership, StreamTransactions } from '@tidemark/event-store';
import { Health, type Database, type HealthCheck } from '@tidemark/runtime';
import type { StageTokens } from '@tidemark/transport';
import { BranchController } from './branch/branch.controller.js';
import { BranchService } from './branch/branch.service.js';
import { BRANCHES_DATABASE, BRANCHES_PARTS, BRANCHES_STREAMS, STAGE_TOKENS } from './branches.tokens.js';
import { FileController } from './file/file.controller.js';
import { FileService } from './file/file.service.js';
import { WhenProjectDeletedArchiveFiles } from './reactions/when-project-deleted-archive-files.reaction.js';

export interface BranchesParts {
  readonly db: Database;
  readonly streams: StreamTransactions;
  readonly tokens: StageTokens;
  readonly leadership: Leadership;
  readonly checks: readonly HealthCheck[];
  readonly close: () => Promise<void>;
}

/** Starts what works by itself, and ends it before the pools that it works with. */
@Injectable()
class BranchesLife implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  constructor(
    @Inject(BRANCHES_PARTS) private readonly parts: BranchesParts,
    @Inject(Health) private readonly health: Health,
  ) {}

  onApplicationBootstrap(): void {
    for (const check of this.parts.checks) this.health.add(check);
    this.parts.leadership.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.parts.leadership.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.parts.close();
  }
}

@Module({})
export class BranchesModule {
  static with(parts: BranchesParts): DynamicModule {
    return {
      module: BranchesModule,
      controllers: [FileController, BranchController, WhenProjectDeletedArchiveFiles],
      providers: [
        { provide: BRANCHES_PARTS, useValue: parts },
        { provide: BRANCHES_DATABASE, useValue: parts.db },
        { provide: BRANCHES_STREAMS, useValue: parts.streams },
        { provide: STAGE_TOKENS, useValue: parts.tokens },
        FileService,
        BranchService,
        BranchesLife,
      ],
    };
  }
}
