import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { defaultDataDir, keptSecret, lockDataDir } from '@tidemark/backing';
import {
  createLogger,
  environment,
  launcherVariables,
  loadConfig,
  roleUrls,
  StartError,
  type Closable,
  type ConfigOf,
  type RoleUrls,
} from '@tidemark/runtime';
import { Fleet } from './fleet.js';
import { migrateInJob, servicesWithTables } from './migrate-in-job.js';
import { replicasFrom, services, UsageError, type Replicas, type ServiceName } from './arguments.js';
import { environmentOf, type Surroundings } from './service-environment.js';

type Config = ConfigOf<typeof launcherVariables>;

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
    const api = await startAll(fleet, config, replicas, dataDir);
    process.stdout.write(`tidemark ready mode=distributed api=${api} website=${api} pid=${process.pid}\n`);
    return { close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startAll(fleet: Fleet, config: Config, replicas: Replicas, dataDir: string) {
  const [postgres, kafka, redis] = [
    await fleet.backing('postgres'),
    await fleet.backing('kafka'),
    await fleet.backing('redis'),
  ];
  const roles: Partial<Record<ServiceName, RoleUrls>> = {};
  for (const service of servicesWithTables) {
    roles[service] = roleUrls(postgres.url, service);
    await migrateInJob(service, postgres.url, roles[service]);
  }
  const addresses: Partial<Record<ServiceName, string>> = {};
  const around: Surroundings = {
    kafka: kafka.url,
    redis: redis.url,
    roles,
    addresses,
    actorKey: config.actorKey ?? randomBytes(32).toString('base64url'),
    operatorToken:
      config.operatorToken ??
      keptSecret(dataDir, 'operator-token', () => `tm_${randomBytes(32).toString('base64url')}`),
    passedOn: passedOn(config),
  };
  for (const service of services) {
    for (let replica = 0; replica < replicas[service]; replica++) {
      const wanted = service === 'gateway' && replica === 0 && config.port !== 0 ? config.port : undefined;
      const { url } = await fleet.service(service, replica, environmentOf(service, around), wanted);
      addresses[service] = replica === 0 ? url : addresses[service]!;
    }
  }
  return addresses.gateway!;
}

const passedOn = (config: Config): Record<string, string> => ({
  TIDEMARK_LOG_LEVEL: config.logLevel,
  TIDEMARK_STALL_SECONDS: String(config.stallSeconds),
  TIDEMARK_PARK_RETRY_SECONDS: String(config.parkRetrySeconds),
  TIDEMARK_KAFKA_SESSION_MS: String(config.kafkaSessionMs),
  TIDEMARK_SHUTDOWN_WAIT_SECONDS: String(config.shutdownWaitSeconds),
});

function usable<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof UsageError) throw new StartError('configuration', error.message);
    throw error;
  }
}
