import { Module, type DynamicModule } from '@nestjs/common';
import { serviceLife } from '@tidemark/runtime';
import { AcceptanceHearing } from './acceptance/acceptance.hearing.js';
import { Settlement } from './acceptance/settlement.js';
import { BlobController } from './blob/blob.controller.js';
import { SnapshotController } from './snapshot/snapshot.controller.js';
import { SNAPSHOTS_PARTS, type SnapshotsParts } from './snapshots.parts.js';

@Module({})
export class SnapshotsModule {
  static with(parts: SnapshotsParts): DynamicModule {
    return {
      module: SnapshotsModule,
      controllers: [BlobController, SnapshotController, AcceptanceHearing],
      providers: [{ provide: SNAPSHOTS_PARTS, useValue: parts }, Settlement, serviceLife(parts)],
    };
  }
}
