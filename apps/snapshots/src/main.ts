import 'reflect-metadata';
import { openBlobStore } from '@tidemark/blob-store';
import { eventTopics } from '@tidemark/contracts';
import {
  hearingOptions,
  loadConfig,
  processOptions,
  readKeyRing,
  runMain,
  snapshotsVariables,
  startService,
} from '@tidemark/runtime';
import { openSnapshots } from '@tidemark/snapshots';
import {
  ActorSigner,
  connectRequests,
  EventMetrics,
  HttpRequests,
  KafkaSource,
  openKafka,
  RequestsServer,
  serveRequests,
} from '@tidemark/transport';

await runMain(async () => {
  const config = loadConfig(snapshotsVariables);
  const options = processOptions('snapshots', config);
  const { hints, logger } = options;
  const actorKey = Buffer.from(config.actorKey);
  const kafka = openKafka({ brokers: config.kafkaBrokers, clientId: 'tidemark-snapshots', logger });
  const heard = (topic: string) =>
    new KafkaSource({ kafka, topic, group: 'snapshots', logger, sessionTimeoutMs: config.kafkaSessionMs });
  const branches = new HttpRequests({
    targets: { branches: config.branchesUrl },
    signer: new ActorSigner(actorKey),
  });
  const snapshots = await openSnapshots({
    ...hearingOptions(config, logger),
    appUrl: config.appDatabaseUrl,
    relayUrl: config.relayDatabaseUrl,
    connections: config.databaseConnections,
    hints,
    logger,
    sources: () => ({ [eventTopics.branches]: heard(eventTopics.branches) }),
    blobs: await openBlobStore(config.blobsUrl),
    keys: readKeyRing(config.keysUrl),
    actorKey,
    requests: branches,
  });
  const requests = new RequestsServer({ actorKey, logger });
  const service = await startService(snapshots.module, {
    ...options,
    connect: async (app) => {
      connectRequests(app, requests);
      app.connectMicroservice({ strategy: snapshots.events });
      await serveRequests(app.getHttpAdapter().getInstance(), requests);
    },
  });
  new EventMetrics(service.metrics.registry).parked('snapshots', snapshots.parkedMessages);
  return {
    close: async () => {
      await service.close();
      await branches.close();
    },
  };
});
