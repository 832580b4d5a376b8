import { afterEach, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { Controller, Get, Inject, Injectable, Module, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { createLogger } from '../logging/create-logger.js';
import { silentLogger, type Logger } from '../logging/logger.js';
import { StartError } from '../start-error.js';
import { HINTS, LOGGER } from './runtime.module.js';
import { startService, type Service, type ServiceOptions } from './start-service.js';

const steps: string[] = [];
let slowArrived = Promise.withResolvers<void>();
let letSlowGo = Promise.withResolvers<void>();

@Injectable()
class Parts {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(HINTS) readonly hints: unknown,
  ) {}

  speak(): void {
    this.logger.info({}, 'spoken');
  }

  onModuleDestroy(): void {
    steps.push('consumers');
  }

  beforeApplicationShutdown(): void {
    steps.push('streams');
  }

  onApplicationShutdown(): void {
    steps.push('pools');
  }
}

@Controller()
class Routes {
  constructor(@Inject(Parts) private readonly parts: Parts) {}

  @Get('spoken')
  spoken(): { said: boolean } {
    this.parts.speak();
    return { said: true };
  }

  @Get('slow')
  async slow(): Promise<{ answered: boolean }> {
    slowArrived.resolve();
    await letSlowGo.promise;
    steps.push('answered');
    return { answered: true };
  }

  @Get('open')
  open(@Res() reply: FastifyReply): void {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
    reply.raw.write(':\n\n');
  }
}

@Module({ controllers: [Routes], providers: [Parts] })
class Things {}

@Injectable()
class CannotStart {
  onModuleInit(): never {
    throw new StartError('damaged', 'planted');
  }
}

@Module({ providers: [CannotStart] })
class Broken {}

const running: Service[] = [];

async function start(more: Partial<ServiceOptions> = {}): Promise<Service> {
  const service = await startService(Things, {
    name: 'things',
    host: '127.0.0.1',
    port: 0,
    logger: silentLogger,
    ...more,
  });
  running.push(service);
  return service;
}

afterEach(async () => {
  for (const service of running.splice(0)) await service.close();
});

describe('a service', () => {
  it('lives, is ready, shows its numbers by route, and logs each answer with its request id and without its query', async () => {
    const lines: string[] = [];
    const service = await start({
      logger: createLogger({ level: 'debug', name: 'things', write: (line) => lines.push(line) }),
    });
    expect(await (await fetch(`${service.url}/health/live`)).json()).toEqual({ status: 'alive' });
    service.health.add({ name: 'part', check: () => undefined });
    expect(await (await fetch(`${service.url}/health/ready`)).json()).toEqual({
      status: 'ready',
      checks: { part: 'ok' },
    });
    const answer = await fetch(`${service.url}/spoken?token=c4n4ry`, { headers: { 'x-request-id': 'r-77' } });
    expect(answer.headers.get('x-request-id')).toBe('r-77');
    expect(answer.headers.get('connection')).toBe('keep-alive');
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    expect(metrics).toContain(
      'tidemark_http_request_seconds_count{service="things",method="GET",route="/spoken",status="200"} 1',
    );
    expect(metrics).toContain('process_cpu_seconds_total');
    await service.close();
    const entries = lines.map((line) => JSON.parse(line));
    expect(entries).toContainEqual(expect.objectContaining({ msg: 'spoken', requestId: 'r-77' }));
    expect(entries).toContainEqual(
      expect.objectContaining({
        level: 'info',
        msg: 'answered',
        method: 'GET',
        path: '/spoken',
        status: 200,
        requestId: 'r-77',
      }),
    );
    expect(lines.join()).not.toContain('c4n4ry');
  });

  it('ends in order: unready, consumers, streams, the answer in flight, pools', async () => {
    steps.length = 0;
    [slowArrived, letSlowGo] = [Promise.withResolvers(), Promise.withResolvers()];
    const service = await start({ shutdownWaitMs: 300 });
    const slow = fetch(`${service.url}/slow`);
    await slowArrived.promise;
    const closed = service.close();
    const ready = await fetch(`${service.url}/health/ready`);
    expect(ready.status).toBe(503);
    const late = await fetch(`${service.url}/spoken`);
    expect([late.status, late.headers.get('connection')]).toEqual([200, 'close']);
    while (!steps.includes('streams')) await new Promise((resolve) => setTimeout(resolve, 10));
    letSlowGo.resolve();
    expect(await (await slow).json()).toEqual({ answered: true });
    await closed;
    expect(steps).toEqual(['consumers', 'streams', 'answered', 'pools']);
    await service.close();
    expect(steps).toHaveLength(4);
  });

  it('does not wait for ever for a stream that nobody ends', async () => {
    const service = await start({ limits: { drainMs: 100 } });
    const open = await fetch(`${service.url}/open`);
    await service.close();
    await expect(open.text()).rejects.toThrow();
  });

  it('is not held up by connections that only stay open', async () => {
    const service = await start();
    const { hostname, port } = new URL(service.url);
    const idle = connect(Number(port), hostname);
    await new Promise((resolve) => idle.once('connect', resolve));
    const gone = new Promise((resolve) => idle.once('close', resolve));
    await service.close();
    await gone;
  });

  it.each([
    ['a taken port', {}, 'taken', /^Port 127\.0\.0\.1:\d+ is taken\. Set TIDEMARK_PORT/],
    [
      'an address of another machine',
      { host: '192.0.2.1', port: 0 },
      'configuration',
      /^TIDEMARK_HOST 192\.0\.2\.1 is no address/,
    ],
  ] as const)('cannot start on %s, and says so in one line', async (_what, more, failure, line) => {
    const first = await start();
    const second = start({ port: Number(new URL(first.url).port), ...more });
    await expect(second).rejects.toThrow(
      expect.objectContaining({ failure, message: expect.stringMatching(line) }),
    );
    await first.close();
  });

  it('passes on why a part of it could not start, and leaves nothing running', async () => {
    steps.length = 0;
    const broken = startService(
      { module: Broken, imports: [Things] },
      { name: 'b', host: '127.0.0.1', port: 0, logger: silentLogger },
    );
    await expect(broken).rejects.toThrow('planted');
    expect(steps).toContain('pools');
  });
});
