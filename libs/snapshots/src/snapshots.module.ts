import { Inject, Injectable, Module, type DynamicModule } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Health } from '@tidemark/runtime';
import { AcceptanceHearing } from './acceptance/acceptance.hearing.js';
import { Settlement } from './acceptance/settlement.js';
import { BlobController } from './blob/blob.controller.js';
import { SnapshotController } from './snapshot/snapshot.controller.js';
import { SNAPSHOTS_PARTS, type SnapshotsParts } from './snapshots.parts.js';

@Injectable()
class SnapshotsLife implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(SNAPSHOTS_PARTS) private readonly parts: SnapshotsParts,
    @Inject(Health) private readonly health: Health,
  ) {}

  onApplicationBootstrap(): void {
    for (const check of this.parts.checks) this.health.add(check);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.parts.close();
  }
}

@Module({})
export class SnapshotsModule {
  static with(parts: SnapshotsParts): DynamicModule {
    return {
      module: SnapshotsModule,
      controllers: [BlobController, SnapshotController, AcceptanceHearing],
      providers: [{ provide: SNAPSHOTS_PARTS, useValue: parts }, Settlement, SnapshotsLife],
    };
  }
}
