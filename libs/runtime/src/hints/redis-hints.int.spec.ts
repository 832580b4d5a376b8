import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { redisServer, type RedisServer } from '@tidemark/testing';
import { silentLogger } from '../logging/logger.js';
import { hintsContract } from './hints.contract.js';
import { RedisHints } from './redis-hints.js';

const dataDir = join(tmpdir(), `tidemark-test-redis-${process.pid}-${randomBytes(4).toString('hex')}`);
let redis: RedisServer;

beforeAll(async () => {
  redis = await redisServer(dataDir);
});

afterAll(async () => {
  await redis?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

hintsContract('redis, between two connections', async () => {
  const [publisher, listener] = [
    new RedisHints(redis.url, silentLogger),
    new RedisHints(redis.url, silentLogger),
  ];
  return { publisher, listener, close: async () => void (await publisher.close(), await listener.close()) };
});

describe('when Redis is killed and comes back', () => {
  it('listeners are told to look again and hear hints as before; nothing throws in between', async () => {
    const [publisher, listener] = [
      new RedisHints(redis.url, silentLogger),
      new RedisHints(redis.url, silentLogger),
    ];
    const heard: string[] = [];
    listener.subscribe('kept', (text) => heard.push(text));
    await until(() => heard.includes(''));
    await redis.killed();
    publisher.publish('kept', 'lost');
    heard.length = 0;
    const again = setInterval(() => publisher.publish('kept', 'after'), 50);
    redis = await redisServer(dataDir, redis.port);
    await until(() => heard.includes('after')).finally(() => clearInterval(again));
    expect(heard[0]).toBe('');
    expect(heard).not.toContain('lost');
    await publisher.close();
    await listener.close();
  });

  it('who begins to listen while it is away hears as soon as it is there', async () => {
    await redis.killed();
    const hints = new RedisHints(redis.url, silentLogger);
    const looked = Promise.withResolvers<void>();
    hints.subscribe('late', (text) => text === '' && looked.resolve());
    redis = await redisServer(dataDir, redis.port);
    await looked.promise;
    await hints.close();
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}
