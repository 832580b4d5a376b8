import 'reflect-metadata';
import { openAudit } from '@tidemark/audit';
import { eventTopics } from '@tidemark/contracts';
import {
  createLogger,
  givingUp,
  loadConfig,
  openHints,
  runMain,
  serviceVariables,
  startService,
} from '@tidemark/runtime';
import {
  connectRequests,
  EventMetrics,
  KafkaSource,
  openKafka,
  RequestsServer,
  serveRequests,
} from '@tidemark/transport';

await runMain(async () => {
  const config = loadConfig(serviceVariables);
  const logger = createLogger({ level: config.logLevel, name: 'audit' });
  const hints = openHints(config.redisUrl, logger);
  const kafka = openKafka({ brokers: config.kafkaBrokers, clientId: 'tidemark-audit', logger });
  const heard = (topic: string) =>
    new KafkaSource({ kafka, topic, group: 'audit', logger, sessionTimeoutMs: config.kafkaSessionMs });
  const audit = await openAudit({
    appUrl: config.appDatabaseUrl,
    relayUrl: config.relayDatabaseUrl,
    connections: config.databaseConnections,
    stallLimitMs: config.stallSeconds * 1000,
    retries: { withinMs: config.parkRetrySeconds * 1000 },
    onStalled: givingUp(logger),
    hints,
    logger,
    sources: () => ({ [eventTopics.orgs]: heard(eventTopics.orgs) }),
  });
  const requests = new RequestsServer({ actorKey: Buffer.from(config.actorKey), logger });
  const service = await startService(audit.module, {
    name: 'audit',
    host: config.host,
    port: config.port,
    shutdownWaitMs: config.shutdownWaitSeconds * 1000,
    hints,
    logger,
    connect: async (app) => {
      connectRequests(app, requests);
      app.connectMicroservice({ strategy: audit.events });
      await serveRequests(app.getHttpAdapter().getInstance(), requests);
    },
  });
  new EventMetrics(service.metrics.registry).parked('audit', audit.parkedMessages);
  return service;
});
