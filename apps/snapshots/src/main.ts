import 'reflect-metadata';
import { openBlobStore } from '@tidemark/blob-store';
import { eventTopics } from '@tidemark/contracts';
import {
  loadConfig,
  openingOptions,
  processOptions,
  readKeyRing,
  runMain,
  snapshotsVariables,
} from '@tidemark/runtime';
import { openSnapshots } from '@tidemark/snapshots';
import { ActorSigner, HttpRequests, serveService, ServiceKafka } from '@tidemark/transport';

await runMain(async () => {
  const config = loadConfig(snapshotsVariables);
  const options = processOptions('snapshots', config);
  const actorKey = Buffer.from(config.actorKey);
  const kafka = new ServiceKafka({ ...options, config });
  const branches = new HttpRequests({
    targets: { branches: config.branchesUrl },
    signer: new ActorSigner(actorKey),
  });
  const snapshots = await openSnapshots({
    ...openingOptions(config, options),
    sources: () => ({ [eventTopics.branches]: kafka.source(eventTopics.branches, 'snapshots') }),
    blobs: await openBlobStore(config.blobsUrl),
    keys: readKeyRing(config.keysUrl),
    actorKey,
    requests: branches,
  });
  const service = await serveService(snapshots, { ...options, actorKey });
  return {
    close: async () => {
      await service.close();
      await branches.close();
    },
  };
});
