import type { DynamicModule } from '@nestjs/common';
import { startService, type Service, type ServiceOptions } from '@tidemark/runtime';
import { EventMetrics } from '../events/event-metrics.js';
import type { EventsServer } from '../events/events-server.js';
import { serveRequests } from '../requests/http/requests-route.js';
import { connectRequests } from '../requests/server/connect-requests.js';
import { RequestsServer } from '../requests/server/requests-server.js';

export interface OpenedService {
  readonly module: DynamicModule;
  /** Where the service hears events of others. */
  readonly events?: EventsServer;
  readonly parkedMessages: () => Promise<number>;
}

export interface ServingOptions extends ServiceOptions {
  readonly actorKey: Uint8Array;
  /** Where the service publishes events: how far that is behind. */
  readonly lagSeconds?: () => number;
}

/** A service as a process of its own: it answers requests over HTTP, hears its events and shows how it fares. */
export async function serveService(
  { module, events, parkedMessages }: OpenedService,
  { actorKey, lagSeconds, ...options }: ServingOptions,
): Promise<Service> {
  const requests = new RequestsServer({ actorKey, logger: options.logger });
  const service = await startService(module, {
    ...options,
    connect: async (app) => {
      connectRequests(app, requests);
      if (events) app.connectMicroservice({ strategy: events });
      await serveRequests(app.getHttpAdapter().getInstance(), requests);
    },
  });
  const metrics = new EventMetrics(service.metrics.registry);
  if (lagSeconds) metrics.relay(options.name, lagSeconds);
  metrics.parked(options.name, parkedMessages);
  return service;
}
