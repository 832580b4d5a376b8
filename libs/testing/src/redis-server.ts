import { startRedis } from '@tidemark/backing';

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
  /** As by a power cut; resolves when it is gone. */
  killed(): Promise<void>;
}

/** A real Redis on loopback. */
export async function redisServer(dataDir: string, port?: number): Promise<RedisServer> {
  const running = await startRedis({ dataDir, env: process.env, ...(port === undefined ? {} : { port }) });
  return {
    url: running.url,
    port: Number(new URL(running.url).port),
    stop: () => running.stop(),
    async killed() {
      running.kill('SIGKILL');
      await running.exited;
    },
  };
}
