import 'reflect-metadata';
import { openAudit } from '@tidemark/audit';
import { eventTopics } from '@tidemark/contracts';
import {
  hearingOptions,
  loadConfig,
  processOptions,
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
  const options = processOptions('audit', config);
  const { hints, logger } = options;
  const kafka = openKafka({ brokers: config.kafkaBrokers, clientId: 'tidemark-audit', logger });
  // A group for each topic: in one group kafkajs would hand out partitions to members that have not subscribed to them.
  const heard = (topic: string) =>
    new KafkaSource({
      kafka,
      topic,
      group: `audit-${topic}`,
      logger,
      sessionTimeoutMs: config.kafkaSessionMs,
    });
  const audit = await openAudit({
    ...hearingOptions(config, logger),
    appUrl: config.appDatabaseUrl,
    relayUrl: config.relayDatabaseUrl,
    connections: config.databaseConnections,
    hints,
    logger,
    sources: () => ({
      [eventTopics.orgs]: heard(eventTopics.orgs),
      [eventTopics.branches]: heard(eventTopics.branches),
    }),
  });
  const requests = new RequestsServer({ actorKey: Buffer.from(config.actorKey), logger });
  const service = await startService(audit.module, {
    ...options,
    connect: async (app) => {
      connectRequests(app, requests);
      app.connectMicroservice({ strategy: audit.events });
      await serveRequests(app.getHttpAdapter().getInstance(), requests);
    },
  });
  new EventMetrics(service.metrics.registry).parked('audit', audit.parkedMessages);
  return service;
});
