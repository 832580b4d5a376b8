import { Inject, Injectable, Module, type DynamicModule } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown, OnModuleDestroy } from '@nestjs/common';
import type { EventStore, Leadership } from '@tidemark/event-store';
import { Health, type HealthCheck } from '@tidemark/runtime';
import { AccountController } from './account/account.controller.js';
import { AccountService } from './account/account.service.js';
import { OrganizationController } from './organization/organization.controller.js';
import { OrganizationService } from './organization/organization.service.js';
import type { OrgsContext } from './orgs.context.js';
import { ORGS_CONTEXT, ORGS_DATABASE, ORGS_PARTS, ORGS_STORE } from './orgs.tokens.js';
import { ProjectController } from './project/project.controller.js';
import { ProjectService } from './project/project.service.js';
import { RecoveryController } from './recovery/recovery.controller.js';
import { RecoveryService } from './recovery/recovery.service.js';
import { RegistrationController } from './registration/registration.controller.js';
import { RegistrationService } from './registration/registration.service.js';
import { SessionsController } from './session/sessions.controller.js';
import { SessionsService } from './session/sessions.service.js';
import { AuthenticationService } from './sign-in/authentication.service.js';
import { SignInController } from './sign-in/sign-in.controller.js';
import { SignInService } from './sign-in/sign-in.service.js';

export interface OrgsParts {
  readonly context: OrgsContext;
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
      controllers: [
        AccountController,
        OrganizationController,
        ProjectController,
        RecoveryController,
        RegistrationController,
        SessionsController,
        SignInController,
      ],
      providers: [
        { provide: ORGS_PARTS, useValue: parts },
        { provide: ORGS_DATABASE, useValue: parts.context.db },
        { provide: ORGS_STORE, useValue: parts.store },
        { provide: ORGS_CONTEXT, useValue: parts.context },
        AccountService,
        AuthenticationService,
        OrganizationService,
        ProjectService,
        RecoveryService,
        RegistrationService,
        SessionsService,
        SignInService,
        OrgsLife,
      ],
    };
  }
}
