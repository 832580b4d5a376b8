import { Module, type DynamicModule } from '@nestjs/common';
import { REQUESTS, type Requests } from '@tidemark/transport';
import { AccessGuard } from './access/access.guard.js';
import { OperatorToken } from './access/operator-token.js';
import { Entries } from './audit-stream/entries.js';
import { EntriesController } from './audit-stream/entries.controller.js';
import { StreamController } from './audit-stream/stream.controller.js';
import { Streams } from './audit-stream/streams.js';
import { OrganizationsController } from './organizations/organizations.controller.js';

export interface GatewayParts {
  readonly requests: Requests;
  /** `tm_…`; kept as its hash. */
  readonly operatorToken: string;
}

/** The public door. */
@Module({})
export class GatewayModule {
  static with({ requests, operatorToken }: GatewayParts): DynamicModule {
    return {
      module: GatewayModule,
      controllers: [OrganizationsController, EntriesController, StreamController],
      providers: [
        { provide: REQUESTS, useValue: requests },
        { provide: OperatorToken, useValue: new OperatorToken(operatorToken) },
        AccessGuard,
        Entries,
        Streams,
      ],
    };
  }
}
