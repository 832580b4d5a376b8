import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { auditSchema } from '@tidemark/audit';
import {
  defaultDataDir,
  keptSecret,
  lockDataDir,
  provide,
  startProgram,
  Supervised,
  type BackingKind,
  type Running,
} from '@tidemark/backing';
import { orgsSchema } from '@tidemark/orgs';
import {
  createLogger,
  environment,
  launcherVariables,
  loadConfig,
  migrate,
  roleUrls,
  StartError,
  type Closable,
  type ConfigOf,
  type Logger,
  type RoleUrls,
} from '@tidemark/runtime';
import { replicasFrom, services, UsageError, type Replicas, type ServiceName } from './arguments.js';
import { environmentOf, type Surroundings } from './service-environment.js';

type Config = ConfigOf<typeof launcherVariables>;

/** All services as processes of their own over real Kafka, Postgres, Redis; each is started again when it dies. */
export async function launch(args: readonly string[]): Promise<Closable> {
  const replicas = usable(() => replicasFrom(args));
  const config = loadConfig(launcherVariables);
  const logger = createLogger({ level: config.logLevel, name: 'launcher' });
  const dataDir = resolve(config.dataDir ?? join(defaultDataDir(environment(), process.getuid?.() === 0), 'distributed'));
  const lock = await lockDataDir(dataDir);
  const fleet = new Fleet(dataDir, logger);
  const close = async () => {
    await fleet.stop();
    lock.release();
  };
  try {
    const api = await startAll(fleet, config, replicas, dataDir, logger);
    process.stdout.write(`tidemark ready mode=distributed api=${api} website=${api} pid=${process.pid}\n`);
    return { close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startAll(fleet: Fleet, config: Config, replicas: Replicas, dataDir: string, logger: Logger) {
  const [postgres, kafka, redis] = [await fleet.backing('postgres'), await fleet.backing('kafka'), await fleet.backing('redis')];
  const roles: Partial<Record<ServiceName, RoleUrls>> = {};
  for (const service of [orgsSchema, auditSchema]) {
    const urls = roleUrls(postgres.url, service.name);
    await migrate({ ownerUrl: postgres.url, ...urls, service, logger });
    roles[service.name as ServiceName] = urls;
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

/** Everything that was started, to be stopped in the opposite order. */
class Fleet {
  private readonly parts: Supervised[] = [];

  constructor(
    private readonly dataDir: string,
    private readonly logger: Logger,
  ) {}

  backing(kind: BackingKind): Promise<Running> {
    const start = (port?: number) =>
      provide(kind, { env: environment(), dataDir: join(this.dataDir, kind), ...(port === undefined ? {} : { port }) });
    return this.supervise(kind, 0, start, ({ url }) => (url.includes('://') ? withoutPassword(url) : `tcp://${url}`));
  }

  service(name: ServiceName, replica: number, env: Record<string, string>, wanted?: number): Promise<Running> {
    const { PATH, HOME } = environment();
    const start = (port = wanted) =>
      startProgram({
        name,
        dataDir: join(this.dataDir, `${name}-${replica}`),
        command: [process.execPath, join(import.meta.dirname, '..', '..', name, 'dist', 'main.js')],
        env: { PATH, HOME, ...env },
        health: '/health/ready',
        ...(port === undefined ? {} : { port }),
      });
    return this.supervise(name, replica, start, ({ url }) => `${url}/health/ready`);
  }

  async stop(): Promise<void> {
    for (const part of this.parts.toReversed()) await part.stop();
  }

  private supervise(
    name: string,
    replica: number,
    start: (port?: number) => Promise<Running>,
    healthOf: (running: Running) => string,
  ): Promise<Running> {
    const part = new Supervised({
      start,
      started: (running) =>
        process.stdout.write(
          `tidemark service name=${name} replica=${replica} pid=${running.pid} health=${healthOf(running)}\n`,
        ),
      complain: (text) => this.logger.warn({ name, replica }, text),
    });
    this.parts.push(part);
    return part.start();
  }
}

function withoutPassword(text: string): string {
  const url = new URL(text);
  url.password = '';
  return url.href;
}

function usable<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof UsageError) throw new StartError('configuration', error.message);
    throw error;
  }
}
