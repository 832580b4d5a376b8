import type { INestApplication } from '@nestjs/common';
import { Metrics } from '@tidemark/runtime';
import type { RequestsServer } from './requests-server.js';

/**
 * Hands the application's `@MessagePattern` handlers to the server, which answers from `app.startAllMicroservices()` on. The
 * application's pipes and filters stay with HTTP, where an unknown field is refused; `@RequestHandlers()` brings its own.
 */
export function connectRequests(app: INestApplication, server: RequestsServer): void {
  server.measureIn(app.get(Metrics, { strict: false }).registry);
  app.connectMicroservice({ strategy: server }, { inheritAppConfig: false });
}
