import 'reflect-metadata';
import { eventTopics, hintTopics } from '@tidemark/contracts';
import { openOrgs } from '@tidemark/orgs';
import {
  hearingOptions,
  loadConfig,
  orgsVariables,
  processOptions,
  readKeyRing,
  runMain,
  startService,
} from '@tidemark/runtime';
import {
  connectRequests,
  EventMetrics,
  openKafka,
  Relay,
  RequestsServer,
  serveRequests,
} from '@tidemark/transport';
import { accountOptions } from './account-options.js';

await runMain(async () => {
  const config = loadConfig(orgsVariables);
  const options = processOptions('orgs', config);
  const { hints, logger } = options;
  const kafka = openKafka({ brokers: config.kafkaBrokers, clientId: 'tidemark-orgs', logger });
  const topic = {
    topic: eventTopics.orgs,
    partitions: config.kafkaPartitions,
    replicas: config.kafkaReplication,
  };
  let relay: Relay | undefined;
  const orgs = await openOrgs({
    ...hearingOptions(config, logger),
    appUrl: config.appDatabaseUrl,
    relayUrl: config.relayDatabaseUrl,
    connections: config.databaseConnections,
    hints,
    logger,
    ...accountOptions(config, logger),
    keys: readKeyRing(config.keysUrl),
    publish: (log, state) => {
      const publisher = new Relay({ kafka, topic, log, state, hints, hint: hintTopics.log('orgs'), logger });
      relay = publisher;
      return ({ signal }) => publisher.run(signal);
    },
  });
  const requests = new RequestsServer({ actorKey: Buffer.from(config.actorKey), logger });
  const service = await startService(orgs.module, {
    ...options,
    connect: async (app) => {
      connectRequests(app, requests);
      await serveRequests(app.getHttpAdapter().getInstance(), requests);
    },
  });
  const metrics = new EventMetrics(service.metrics.registry);
  metrics.relay('orgs', () => relay?.lagSeconds ?? 0);
  metrics.parked('orgs', orgs.parkedMessages);
  return service;
});
