import { Module, type DynamicModule } from '@nestjs/common';
import { REQUESTS, type Requests } from '@tidemark/transport';
import { AccessGuard } from './access/access.guard.js';
import { AppSessionGuard } from './access/app-session.guard.js';
import { Grants } from './access/grants.js';
import { OperatorToken } from './access/operator-token.js';
import { Sessions } from './access/sessions.js';
import { AppStreamController } from './app-stream/app-stream.controller.js';
import { AppStreams } from './app-stream/app-streams.js';
import { Places } from './app-stream/places.js';
import { CheckedRequests } from './asking/checked-requests.js';
import { Entries } from './audit-stream/entries.js';
import { EntriesController } from './audit-stream/entries.controller.js';
import { StreamController } from './audit-stream/stream.controller.js';
import { Streams } from './audit-stream/streams.js';
import { GraphqlRoute } from './graphql/graphql.route.js';
import { AccountController, LooseEndsController } from './insomnia/account.controller.js';
import { InsomniaDoor } from './insomnia/door.js';
import { NewerAccountController } from './insomnia/newer-account.controller.js';
import { AppOrganizationsController } from './insomnia/organizations.controller.js';
import { Organizations } from './insomnia/organizations.js';
import { PeopleController } from './insomnia/people.controller.js';
import { TeamProjectsController } from './insomnia/team-projects.controller.js';
import { OrganizationsController } from './organizations/organizations.controller.js';
import { EntranceController } from './website/entrance.controller.js';
import { OwnAccountController } from './website/own-account.controller.js';
import { OwnOriginGuard } from './website/own-origin.guard.js';
import { PagesRoute } from './website/pages.route.js';
import { WebSessionGuard } from './website/web-session.guard.js';
import { WEBSITE, type WebsiteParts } from './website/website-parts.js';

export interface GatewayParts {
  readonly requests: Requests;
  /** `tm_…`; kept as its hash. */
  readonly operatorToken: string;
  readonly website?: WebsiteParts;
}

/** The public door. */
@Module({})
export class GatewayModule {
  static with({ requests, operatorToken, website }: GatewayParts): DynamicModule {
    return {
      module: GatewayModule,
      controllers: [
        OrganizationsController,
        EntriesController,
        StreamController,
        AccountController,
        LooseEndsController,
        NewerAccountController,
        AppOrganizationsController,
        TeamProjectsController,
        PeopleController,
        AppStreamController,
        EntranceController,
        OwnAccountController,
      ],
      providers: [
        { provide: REQUESTS, useValue: new CheckedRequests(requests) },
        { provide: WEBSITE, useValue: website },
        { provide: OperatorToken, useValue: new OperatorToken(operatorToken) },
        AccessGuard,
        AppSessionGuard,
        OwnOriginGuard,
        WebSessionGuard,
        Sessions,
        Grants,
        Organizations,
        Places,
        AppStreams,
        InsomniaDoor,
        GraphqlRoute,
        PagesRoute,
        Entries,
        Streams,
      ],
    };
  }
}
