import { randomBytes } from 'node:crypto';
import { MemoryBlobStore } from '@tidemark/blob-store';
import { eventTopics, type LogEvent } from '@tidemark/contracts';
import { keyRing, MemoryHints, newKeyRing, silentLogger, startService } from '@tidemark/runtime';
import { freshDatabase } from '@tidemark/testing';
import {
  connectRequests,
  InProcessRequests,
  ActorSigner,
  RequestsServer,
  StageTokens,
} from '@tidemark/transport';
import { aBlob, aSnapshot, Client, docsOf } from '../test/service.js';
import { BranchesDouble } from '../test/branches.double.js';
import { openSnapshots } from './open-snapshots.js';
import { snapshotsSchema } from './snapshots.schema.js';

type Deliver = (events: readonly LogEvent[]) => Promise<void>;

describe('the service as a process composes it', () => {
  it('hears of pushes from the source that it is given, once in effect, and answers requests', async () => {
    const database = await freshDatabase();
    const [actorKey, branches] = [randomBytes(32), new BranchesDouble()];
    let deliver: Deliver = () => Promise.reject(new Error('not started'));
    const snapshots = await openSnapshots({
      ...(await database.migrated(snapshotsSchema)),
      connections: 4,
      hints: new MemoryHints(silentLogger),
      logger: silentLogger,
      stallLimitMs: 60_000,
      retries: {},
      onStalled: (reason) => expect(reason).toBe('never'),
      sources: () => ({
        [eventTopics.branches]: {
          async start(listener) {
            deliver = (events) =>
              listener.deliver(
                events.map((event) => ({ kind: 'event', event })),
                new AbortController().signal,
              );
          },
          stop: async () => undefined,
          state: async () => ({ lag: 0, mark: '', joining: false }),
        },
      }),
      blobs: new MemoryBlobStore(),
      keys: keyRing(newKeyRing(randomBytes(32))),
      actorKey,
      requests: branches,
    });
    const server = new RequestsServer({ actorKey, logger: silentLogger });
    const service = await startService(snapshots.module, {
      name: 'snapshots',
      host: '127.0.0.1',
      port: 0,
      logger: silentLogger,
      connect: (app) => {
        connectRequests(app, server);
        app.connectMicroservice({ strategy: snapshots.events });
      },
    });
    const requests = new InProcessRequests(server, new ActorSigner(actorKey));
    const me = Client.ofNewFile({ requests, branches, tokens: new StageTokens(actorKey) });
    const blob = aBlob();
    await me.put([blob]);
    const event = { ...(await me.push([aSnapshot(docsOf([blob]))])), position: 1 };
    await deliver([event]);
    await deliver([event]);
    expect(await me.blobs([blob.id])).toEqual([blob]);
    expect(branches.asked).toBe(0);
    expect(await snapshots.parkedMessages()).toBe(0);
    expect(await service.health.readiness()).toMatchObject({ ready: true });
    await service.close();
    await database.drop();
  });
});
