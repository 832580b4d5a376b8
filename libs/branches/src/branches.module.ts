import { Module, type DynamicModule } from '@nestjs/common';
import type { Leadership, StreamTransactions } from '@tidemark/event-store';
import { serviceLife, type Database, type Living } from '@tidemark/runtime';
import type { StageTokens } from '@tidemark/transport';
import { BranchController } from './branch/branch.controller.js';
import { BranchService } from './branch/branch.service.js';
import { BRANCHES_DATABASE, BRANCHES_STREAMS, STAGE_TOKENS } from './branches.tokens.js';
import { FileController } from './file/file.controller.js';
import { FileService } from './file/file.service.js';
import { WhenProjectDeletedArchiveFiles } from './reactions/when-project-deleted-archive-files.reaction.js';

export interface BranchesParts extends Living {
  readonly db: Database;
  readonly streams: StreamTransactions;
  readonly tokens: StageTokens;
  readonly leadership: Leadership;
}

@Module({})
export class BranchesModule {
  static with(parts: BranchesParts): DynamicModule {
    return {
      module: BranchesModule,
      controllers: [FileController, BranchController, WhenProjectDeletedArchiveFiles],
      providers: [
        { provide: BRANCHES_DATABASE, useValue: parts.db },
        { provide: BRANCHES_STREAMS, useValue: parts.streams },
        { provide: STAGE_TOKENS, useValue: parts.tokens },
        FileService,
        BranchService,
        serviceLife(parts),
      ],
    };
  }
}
