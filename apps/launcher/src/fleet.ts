import { join } from 'node:path';
import { provide, startProgram, Supervised, type BackingKind, type Running } from '@tidemark/backing';
import { environment, type Logger } from '@tidemark/runtime';
import type { ServiceName } from './arguments.js';

/** Everything that was started, to be stopped in the opposite order. */
export class Fleet {
  private readonly parts: Supervised[] = [];

  constructor(
    private readonly dataDir: string,
    private readonly logger: Logger,
  ) {}

  backing(kind: BackingKind): Promise<Running> {
    const start = (port?: number) =>
      provide(kind, {
        env: environment(),
        dataDir: join(this.dataDir, kind),
        ...(port === undefined ? {} : { port }),
      });
    return this.supervise(kind, 0, start, ({ url }) =>
      url.includes('://') ? withoutPassword(url) : `tcp://${url}`,
    );
  }

  service(
    name: ServiceName,
    replica: number,
    env: Record<string, string>,
    wanted?: number,
  ): Promise<Running> {
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
