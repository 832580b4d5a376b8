import 'reflect-metadata';
import { openBranches } from '@tidemark/branches';
import { eventTopics, hintTopics } from '@tidemark/contracts';
import {
  branchesVariables,
  hearingOptions,
  loadConfig,
  processOptions,
  runMain,
  startService,
} from '@tidemark/runtime';
import {
  connectRequests,
  EventMetrics,
  KafkaSource,
  openKafka,
  Relay,
  RequestsServer,
  serveRequests,
} from '@tidemark/transport';

await runMain(async () => {
  const config = loadConfig(branchesVariables);
  const options = processOptions('branches', config);
  const { hints, logger } = options;
  const actorKey = Buffer.from(config.actorKey);
  const kafka = openKafka({ brokers: config.kafkaBrokers, clientId: 'tidemark-branches', logger });
  const topic = {
    topic: eventTopics.branches,
    partitions: config.kafkaPartitions,
    replicas: config.kafkaReplication,
  };
  const heard = (from: string) =>
    new KafkaSource({
      kafka,
      topic: from,
      group: 'branches',
      logger,
      sessionTimeoutMs: config.kafkaSessionMs,
    });
  let relay: Relay | undefined;
  const branches = await openBranches({
    ...hearingOptions(config, logger),
    appUrl: config.appDatabaseUrl,
    relayUrl: config.relayDatabaseUrl,
    connections: config.databaseConnections,
    hints,
    logger,
    actorKey,
    sources: () => ({ [eventTopics.orgs]: heard(eventTopics.orgs) }),
    publish: (log, state) => {
      const hint = hintTopics.log('branches');
      const publisher = new Relay({ kafka, topic, log, state, hints, hint, logger });
      relay = publisher;
      return ({ signal }) => publisher.run(signal);
    },
  });
  const requests = new RequestsServer({ actorKey, logger });
  const service = await startService(branches.module, {
    ...options,
    connect: async (app) => {
      connectRequests(app, requests);
      app.connectMicroservice({ strategy: branches.events });
      await serveRequests(app.getHttpAdapter().getInstance(), requests);
    },
  });
  const metrics = new EventMetrics(service.metrics.registry);
  metrics.relay('branches', () => relay?.lagSeconds ?? 0);
  metrics.parked('branches', branches.parkedMessages);
  return service;
});
