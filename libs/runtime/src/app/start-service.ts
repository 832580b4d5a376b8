import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ErrorFilter } from '../errors/error.filter.js';
import { inputPipe } from '../errors/input.pipe.js';
import { codeOf } from '../errors-of.js';
import { Health } from '../health/health.js';
import { MemoryHints } from '../hints/memory-hints.js';
import type { Hints } from '../hints/hints.js';
import { ordinaryLimits, ServiceAdapter, type HttpLimits, type Listening } from '../http/service-adapter.js';
import { NestLogger } from '../logging/nest-logger.js';
import type { Logger } from '../logging/logger.js';
import { Metrics } from '../metrics/metrics.js';
import { StartError } from '../start-error.js';
import { accessRecorder } from './access.js';
import { RuntimeModule } from './runtime.module.js';

export interface ServiceOptions extends Listening {
  readonly name: string;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly logger: Logger;
  /** Closed at the very end. Without it hints stay in this process. */
  readonly hints?: Hints;
  /** Between "not ready" and refusing work: as long as balancers take to notice. 0 on a laptop. */
  readonly shutdownWaitMs?: number;
  readonly limits?: Partial<HttpLimits>;
  /** Connects message strategies: `app.connectMicroservice({ strategy }, { inheritAppConfig: true })`. */
  readonly connect?: (app: NestFastifyApplication) => void | Promise<void>;
}

export interface Service {
  readonly app: NestFastifyApplication;
  /** Where it listens. */
  readonly url: string;
  readonly health: Health;
  readonly metrics: Metrics;
  /**
   * Unready, and each answer the last on its connection → a short wait → consumers (`onModuleDestroy`) → streams (`beforeApplicationShutdown`) → requests in
   * flight are answered → the server → pools (`onApplicationShutdown`) → hints. A second call waits for the first.
   */
  close(): Promise<void>;
}

/** Builds the modules, connects them and listens. When it throws, nothing of it is left running. */
export async function startService(module: Type | DynamicModule, options: ServiceOptions): Promise<Service> {
  const { logger, hints = new MemoryHints(logger) } = options;
  const [health, metrics] = [new Health(), new Metrics(options.name)];
  const adapter = new ServiceAdapter(
    { ...ordinaryLimits, ...options.limits },
    logger,
    accessRecorder(logger, metrics),
    options,
  );
  const app = await NestFactory.create<NestFastifyApplication>(
    rootOf(RuntimeModule.with({ logger, health, metrics, hints }), module),
    adapter,
    { logger: new NestLogger(logger), bodyParser: false, abortOnError: false, forceCloseConnections: true },
  );
  app.useGlobalFilters(new ErrorFilter(adapter.routes, logger));
  app.useGlobalPipes(inputPipe());
  const close = once(() => {
    health.drain();
    adapter.leave();
    return shutDown(app, hints, options.shutdownWaitMs ?? 0);
  });
  try {
    await options.connect?.(app);
    await app.startAllMicroservices();
    await listen(app, options);
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
  return { app, url: urlOf(app, options), health, metrics, close };
}

function rootOf(...imports: (Type | DynamicModule)[]): DynamicModule {
  return { module: class Root {}, imports };
}

async function listen(app: NestFastifyApplication, { host, port }: ServiceOptions): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    const at = `${host}:${port}`;
    if (codeOf(error) === 'EADDRINUSE')
      throw new StartError('taken', `Port ${at} is taken. Set TIDEMARK_PORT to a free one.`);
    if (codeOf(error) === 'EACCES')
      throw new StartError('configuration', `Port ${at} needs more rights. Set TIDEMARK_PORT above 1023.`);
    if (/^(EADDRNOTAVAIL|ENOTFOUND|EAI_AGAIN)$/.test(codeOf(error)))
      throw new StartError('configuration', `TIDEMARK_HOST ${host} is no address of this machine.`);
    throw error;
  }
}

async function shutDown(app: NestFastifyApplication, hints: Hints, waitMs: number): Promise<void> {
  if (waitMs > 0) await pause(waitMs);
  await app.close();
  await hints.close();
}

function urlOf(app: NestFastifyApplication, { host, tls }: ServiceOptions): string {
  const { port } = app.getHttpServer().address() as AddressInfo;
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `${tls ? 'https' : 'http'}://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => (running ??= work());
}
