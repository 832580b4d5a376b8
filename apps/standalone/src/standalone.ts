import { join } from 'node:path';
import { accountMessages, newCommandId, NOBODY, type Registration } from '@tidemark/contracts';
import { GatewayModule } from '@tidemark/gateway';
import {
  loadConfig,
  processOptions,
  standaloneVariables,
  startService,
  type Closable,
  type Service,
} from '@tidemark/runtime';
import {
  ActorSigner,
  connectRequests,
  EventMetrics,
  InProcessRequests,
  RequestsServer,
  type Requests,
} from '@tidemark/transport';
import { Addresses } from './addresses.js';
import { keptIn, SETUP_CODE, showsMails, type Config, type Kept } from './kept.js';
import { nextSteps } from './next-steps.js';
import { openPlace, type Place } from './place.js';
import { openServices } from './services.js';

/** All services in this process, on a Postgres of its own unless a URL names another. */
export async function startStandalone(): Promise<Closable> {
  const config = loadConfig(standaloneVariables);
  const options = processOptions('standalone', config);
  const place = await openPlace(config, options.logger);
  try {
    const service = await startServices(config, options, place);
    return {
      close: async () => {
        await service.close();
        await place.close();
      },
    };
  } catch (error) {
    await place.close();
    throw error;
  }
}

async function startServices(
  config: Config,
  options: ReturnType<typeof processOptions>,
  { dataDir, databaseUrl: ownerUrl }: Place,
): Promise<Service> {
  const kept = keptIn(dataDir, config);
  const addresses = new Addresses(config);
  const server = new RequestsServer({ actorKey: kept.actorKey, logger: options.logger });
  const requests = new InProcessRequests(server, new ActorSigner(kept.actorKey));
  const { modules, strategies, parked } = await openServices({
    ...{ config, kept, addresses, ownerUrl, options, requests },
  });
  const gateway = GatewayModule.with({
    requests,
    operatorToken: kept.operatorToken,
    website: {
      folder: websiteFolder,
      websiteUrl: () => addresses.website,
      apiUrl: () => addresses.api,
      ...(showsMails(config) && { mailDir: kept.mailDir }),
    },
  });
  const service = await startService(
    { module: class Standalone {}, imports: [...modules, gateway] },
    {
      ...options,
      connect: (app) => {
        connectRequests(app, server);
        for (const strategy of strategies) app.connectMicroservice({ strategy });
      },
    },
  );
  addresses.listeningAt(service.url);
  const metrics = new EventMetrics(service.metrics.registry);
  for (const [name, count] of Object.entries(parked)) metrics.parked(name, count);
  await announce({ config, kept, addresses, dataDir, requests });
  return service;
}

const websiteFolder = join(import.meta.dirname, '..', '..', 'website', 'dist');

interface Announced {
  readonly config: Config;
  readonly kept: Kept;
  readonly addresses: Addresses;
  readonly dataDir: string;
  readonly requests: Requests;
}

async function announce({ config, kept, addresses, dataDir, requests }: Announced): Promise<void> {
  const { api, website } = addresses;
  const actor = { account: NOBODY, requestId: newCommandId() };
  const registration = await requests.send<Registration>(accountMessages.registration, {}, { actor });
  process.stdout.write(`tidemark ready mode=standalone api=${api} website=${website} pid=${process.pid}\n`);
  process.stderr.write(
    nextSteps({
      api,
      website,
      registration,
      setupCodeFile: config.setupCode === undefined ? join(dataDir, SETUP_CODE) : undefined,
      mailDir: config.smtpUrl === undefined ? kept.mailDir : undefined,
    }),
  );
}
