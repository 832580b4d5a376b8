import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { openAudit, auditSchema } from '@tidemark/audit';
import { keptSecret } from '@tidemark/backing';
import { eventTopics, hintTopics } from '@tidemark/contracts';
import { GatewayModule } from '@tidemark/gateway';
import { openOrgs, orgsSchema } from '@tidemark/orgs';
import {
  hearingOptions,
  loadConfig,
  migrate,
  processOptions,
  roleUrls,
  standaloneVariables,
  startService,
  type Closable,
  type ConfigOf,
  type Service,
  type ServiceSchema,
} from '@tidemark/runtime';
import {
  ActorSigner,
  connectRequests,
  EventMetrics,
  InProcessRequests,
  LogSource,
  RequestsServer,
} from '@tidemark/transport';
import { nextSteps } from './next-steps.js';
import { openPlace, type Place } from './place.js';

type Config = ConfigOf<typeof standaloneVariables>;

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
  const tokenFile = join(dataDir, 'operator-token');
  const operatorToken =
    config.operatorToken ??
    keptSecret(dataDir, 'operator-token', () => `tm_${randomBytes(32).toString('base64url')}`);
  const actorKey = config.actorKey === undefined ? randomBytes(32) : Buffer.from(config.actorKey);
  const { hints, logger } = options;
  const common = {
    ...hearingOptions(config, logger),
    connections: config.databaseConnections,
    hints,
    logger,
  };
  const migrated = async (service: ServiceSchema) => {
    const urls = roleUrls(ownerUrl, service.name);
    await migrate({ ownerUrl, ...urls, service, logger });
    return { ...common, ...urls };
  };
  const orgs = await openOrgs(await migrated(orgsSchema));
  const orgsEvents = { log: orgs.log, hints, hint: hintTopics.log('orgs'), logger };
  const audit = await openAudit({
    ...(await migrated(auditSchema)),
    sources: (checkpoints) => ({
      [eventTopics.orgs]: new LogSource({ ...orgsEvents, source: eventTopics.orgs, checkpoints }),
    }),
  });
  const server = new RequestsServer({ actorKey, logger });
  const requests = new InProcessRequests(server, new ActorSigner(actorKey));
  const gateway = GatewayModule.with({ requests, operatorToken });
  const service = await startService(
    { module: class Standalone {}, imports: [orgs.module, audit.module, gateway] },
    {
      ...options,
      connect: (app) => {
        connectRequests(app, server);
        app.connectMicroservice({ strategy: audit.events });
      },
    },
  );
  const metrics = new EventMetrics(service.metrics.registry);
  metrics.parked('orgs', orgs.parkedMessages);
  metrics.parked('audit', audit.parkedMessages);
  announce(config, service.url, tokenFile);
  return service;
}

function announce({ apiUrl, websiteUrl, operatorToken }: Config, url: string, tokenFile: string): void {
  const [api, website] = [apiUrl ?? url, websiteUrl ?? url];
  process.stdout.write(`tidemark ready mode=standalone api=${api} website=${website} pid=${process.pid}\n`);
  process.stderr.write(nextSteps(api, operatorToken === undefined ? tokenFile : undefined));
}
