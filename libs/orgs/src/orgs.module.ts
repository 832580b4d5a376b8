import { Module, type DynamicModule } from '@nestjs/common';
import type { EventStore, Leadership } from '@tidemark/event-store';
import { serviceLife, type Living } from '@tidemark/runtime';
import { AccountController } from './account/account.controller.js';
import { AccountService } from './account/account.service.js';
import { OrganizationController } from './organization/organization.controller.js';
import { OrganizationService } from './organization/organization.service.js';
import type { OrgsContext } from './orgs.context.js';
import { ORGS_CONTEXT, ORGS_DATABASE, ORGS_STORE } from './orgs.tokens.js';
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

export interface OrgsParts extends Living {
  readonly context: OrgsContext;
  readonly store: EventStore;
  readonly leadership: Leadership;
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
        serviceLife(parts),
      ],
    };
  }
}
