import { Inject, Injectable, Module, type DynamicModule } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Health, type Database, type HealthCheck } from '@tidemark/runtime';
import { AUDIT_DATABASE, AUDIT_PARTS } from './audit.tokens.js';
import { EntryController } from './entry/entry.controller.js';
import { EntryHearing } from './entry/entry.hearing.js';
import { PlaceController } from './place/place.controller.js';

export interface AuditParts {
  readonly db: Database;
  readonly checks: readonly HealthCheck[];
  readonly close: () => Promise<void>;
}

@Injectable()
class AuditLife implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(AUDIT_PARTS) private readonly parts: AuditParts,
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
export class AuditModule {
  static with(parts: AuditParts): DynamicModule {
    return {
      module: AuditModule,
      controllers: [EntryController, EntryHearing, PlaceController],
      providers: [
        { provide: AUDIT_PARTS, useValue: parts },
        { provide: AUDIT_DATABASE, useValue: parts.db },
        AuditLife,
      ],
    };
  }
}
