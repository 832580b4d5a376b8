import { Redis, type RedisOptions } from 'ioredis';
import { messageOf } from '../errors-of.js';
import type { Logger } from '../logging/logger.js';
import type { HintListener, Hints } from './hints.js';
import { Listeners } from './listeners.js';

const CHANNEL = 'tidemark:';

/** A command whose reply was lost is not sent again, and nothing waits for a Redis that is away. */
const OPTIONS: RedisOptions = {
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 1,
  commandTimeout: 500,
  connectTimeout: 2_000,
  retryStrategy: (times) => Math.min(100 * times, 2_000),
  reconnectOnError: (error) => error.message.startsWith('READONLY'),
};

/** Between processes. Works without Redis too, only later: the listeners' own polls find what is new. */
export class RedisHints implements Hints {
  private readonly listeners: Listeners;
  private readonly publisher: Redis;
  private readonly subscriber: Redis;

  constructor(
    url: string,
    private readonly logger: Logger,
  ) {
    this.listeners = new Listeners(logger);
    this.publisher = this.connect(url, 'publisher');
    this.subscriber = this.connect(url, 'subscriber');
    this.subscriber.on('message', (channel: string, text: string) =>
      this.listeners.tell(channel.slice(CHANNEL.length), text),
    );
    this.subscriber.on('ready', () => this.listen(this.listeners.topics));
  }

  publish(topic: string, text: string): void {
    this.publisher.publish(CHANNEL + topic, text).catch((error: unknown) => this.missed(error));
  }

  subscribe(topic: string, listener: HintListener): () => void {
    const own: HintListener = (text) => listener(text);
    if (this.listeners.add(topic, own) && this.subscriber.status === 'ready') this.listen([topic]);
    return () => {
      if (!this.listeners.remove(topic, own) || this.subscriber.status !== 'ready') return;
      this.subscriber.unsubscribe(CHANNEL + topic).catch((error: unknown) => this.missed(error));
    };
  }

  async close(): Promise<void> {
    this.publisher.disconnect();
    this.subscriber.disconnect();
    for (const topic of this.listeners.topics) this.listeners.forget(topic);
  }

  /** Whatever was published before Redis confirmed is missed, so everybody looks again afterwards. */
  private listen(topics: string[]): void {
    if (topics.length === 0) return;
    this.subscriber.subscribe(...topics.map((topic) => CHANNEL + topic)).then(
      () => topics.forEach((topic) => this.listeners.tell(topic, '')),
      (error: unknown) => {
        this.missed(error);
        // Connected but not subscribed is worse than not connected: the next connection tries again.
        this.subscriber.disconnect(true);
      },
    );
  }

  private connect(url: string, purpose: string): Redis {
    const redis = new Redis(url, { ...OPTIONS, connectionName: `tidemark-hints-${purpose}` });
    redis.on('error', (error) => this.missed(error));
    return redis;
  }

  private missed(error: unknown): void {
    this.logger.debug({ error: messageOf(error) }, 'hints are not flowing');
  }
}
