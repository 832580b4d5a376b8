import { Inject, Injectable, Module, type DynamicModule } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown, OnModuleDestroy } from '@nestjs/common';
import type { EventStore, Leadership } from '@tidemark/event-store';
import { Health, type Database, type HealthCheck } from '@tidemark/runtime';
import { OrganizationController } from './organization/organization.controller.js';
import { OrganizationService } from './organization/organization.service.js';
import { ORGS_DATABASE, ORGS_PARTS, ORGS_STORE } from './orgs.tokens.js';

export interface OrgsParts {
  readonly db: Database;
  readonly store: EventStore;
  readonly leadership: Leadership;
  readonly checks: readonly HealthCheck[];
  readonly close: () => Promise<void>;
}

/** Starts what works by itself, and ends it before the pools that it works with. */
@Injectable()
class OrgsLife implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  constructor(
    @Inject(ORGS_PARTS) private readonly parts: OrgsParts,
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
export class OrgsModule {
  static with(parts: OrgsParts): DynamicModule {
    return {
      module: OrgsModule,
      controllers: [OrganizationController],
      providers: [
        { provide: ORGS_PARTS, useValue: parts },
        { provide: ORGS_DATABASE, useValue: parts.db },
        { provide: ORGS_STORE, useValue: parts.store },
        OrganizationService,
        OrgsLife,
      ],
    };
  }
}
