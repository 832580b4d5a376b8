import { join, resolve } from 'node:path';
import { defaultDataDir, freePort, lockDataDir } from '@tidemark/backing';
import {
  createLogger,
  environment,
  launcherVariables,
  loadConfig,
  roleUrls,
  StartError,
  type Closable,
  type Logger,
  type RoleUrls,
} from '@tidemark/runtime';
import { blobsUrl } from './blobs.js';
import { Fleet } from './fleet.js';
import { migrateInJob, servicesWithTables } from './migrate-in-job.js';
import { replicasFrom, services, UsageError, type Replicas, type ServiceName } from './arguments.js';
import { secretsOf, setupCodeOf } from './secrets.js';
import { environmentOf, type Surroundings } from './service-environment.js';
import { accountSettings, addressesFor, doorSettings, passedOn, type Config } from './settings.js';

/** All services as processes of their own over real Kafka, Postgres, Redis; each is started again when it dies. */
export async function launch(args: readonly string[]): Promise<Closable> {
  const replicas = usable(() => replicasFrom(args));
  const config = loadConfig(launcherVariables);
  const logger = createLogger({ level: config.logLevel, name: 'launcher' });
  const dataDir = resolve(
    config.dataDir ?? join(defaultDataDir(environment(), process.getuid?.() === 0), 'distributed'),
  );
  const lock = await lockDataDir(dataDir);
  const fleet = new Fleet(dataDir, logger);
  const close = async () => {
    await fleet.stop();
    lock.release();
  };
  try {
    const { api, website } = await startAll(fleet, config, replicas, dataDir, logger);
    process.stdout.write(
      `tidemark ready mode=distributed api=${api} website=${website} pid=${process.pid}\n`,
    );
    return { close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startAll(fleet: Fleet, config: Config, replicas: Replicas, dataDir: string, logger: Logger) {
  const [postgres, kafka, redis] = [
    await fleet.backing('postgres'),
    await fleet.backing('kafka'),
    await fleet.backing('redis'),
  ];
  const blobs = await blobsUrl(fleet, config.blobsUrl, dataDir, logger);
  const roles: Partial<Record<ServiceName, RoleUrls>> = {};
  for (const service of servicesWithTables) {
    roles[service] = roleUrls(postgres.url, service);
    await migrateInJob(service, postgres.url, roles[service]);
  }
  // Mails that `orgs` sends lead to the gateway, which starts last.
  const gatewayPort = config.port === 0 ? await freePort() : config.port;
  const seen = addressesFor(config, gatewayPort);
  const addresses: Partial<Record<ServiceName, string>> = {};
  const around: Surroundings = {
    kafka: kafka.url,
    redis: redis.url,
    blobs,
    roles,
    addresses,
    ...secretsOf(config, dataDir),
    passedOn: passedOn(config),
    accounts: { ...accountSettings(config, dataDir, seen), ...setupCodeOf(config, dataDir) },
    door: doorSettings(config, dataDir, seen),
    crashes: config.failpoint === undefined ? {} : { TIDEMARK_FAILPOINT: config.failpoint },
  };
  for (const service of services) {
    for (let replica = 0; replica < replicas[service]; replica++) {
      const wanted = service === 'gateway' && replica === 0 ? gatewayPort : undefined;
      const { url } = await fleet.service(service, replica, environmentOf(service, around), wanted);
      addresses[service] = replica === 0 ? url : addresses[service]!;
    }
  }
  return seen;
}

function usable<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof UsageError) throw new StartError('configuration', error.message);
    throw error;
  }
}
