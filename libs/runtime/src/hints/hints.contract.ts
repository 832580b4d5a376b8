import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Hints } from './hints.js';

/** Two ends of one medium: what one publishes, the other hears. In one process both may be the same. */
export interface HintsPair {
  readonly publisher: Hints;
  readonly listener: Hints;
  close(): Promise<void>;
}

export function hintsContract(name: string, open: () => Promise<HintsPair>): void {
  describe(`${name} keeps the promise of Hints`, () => {
    let pair: HintsPair;
    let topic: string;
    beforeEach(async () => {
      pair = await open();
      topic = `t:${randomUUID()}`;
    });
    afterEach(() => pair.close());

    /** Publishes until the listener hears, as a poll would: a single hint may be lost. */
    async function hear(wanted: string): Promise<void> {
      const heard = Promise.withResolvers<void>();
      const stop = pair.listener.subscribe(topic, (text) => text === wanted && heard.resolve());
      const again = setInterval(() => pair.publisher.publish(topic, wanted), 20);
      await heard.promise.finally(() => clearInterval(again));
      stop();
    }

    it('a hint reaches a listener with its text', () => hear('42'));

    it('reaches each of several listeners of one topic, and nobody of another', async () => {
      const others: string[] = [];
      pair.listener.subscribe(`${topic}:other`, (text) => text && others.push(text));
      const second = Promise.withResolvers<void>();
      pair.listener.subscribe(topic, (text) => text === 'x' && second.resolve());
      await hear('x');
      await second.promise;
      expect(others).toEqual([]);
    });

    it('one who stopped listening hears nothing, while others go on', async () => {
      const heard: string[] = [];
      const stop = pair.listener.subscribe(topic, (text) => heard.push(text));
      await hear('before');
      stop();
      const count = heard.length;
      await hear('after');
      expect(heard.slice(count)).toEqual([]);
    });

    it('a listener that throws holds nobody up', async () => {
      pair.listener.subscribe(topic, () => {
        throw new Error('mine');
      });
      await hear('still');
    });

    it('never throws, closed or not', async () => {
      await pair.close();
      expect(() => pair.publisher.publish(topic, 'x')).not.toThrow();
      expect(() => pair.listener.subscribe(topic, () => undefined)()).not.toThrow();
    });
  });
}
