import { createRequire } from 'node:module';
import { jest } from '@jest/globals';
import { quietTimers } from './quiet-timer.js';

interface Queue {
  readonly pending: readonly unknown[];
  throttleCheckTimeoutId: unknown;
  maybeThrottle(ms: number): void;
  checkPendingRequests(): void;
  push(request: object): void;
  destroy(): void;
}

const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js') as new (
  options: object,
) => Queue;
const logger = { debug: () => undefined, warn: () => undefined };

const queue = () =>
  new RequestQueue({ maxInFlightRequests: 1, requestTimeout: 1_000, clientId: 'c', broker: 'b', logger });

describe('a connection of kafkajs', () => {
  beforeAll(quietTimers);

  it('has no timer while nothing is pending', () => {
    const idle = queue();
    idle.checkPendingRequests();
    expect(idle.throttleCheckTimeoutId).toBeNull();
    idle.destroy();
  });

  it('still sends what had to wait, when the pause that the broker asked for is over', () => {
    jest.useFakeTimers();
    try {
      const busy = queue();
      const sent: string[] = [];
      busy.maybeThrottle(500);
      busy.push({ entry: { correlationId: 1 }, expectResponse: true, sendRequest: () => sent.push('late') });
      expect([sent, busy.pending.length]).toEqual([[], 1]);
      jest.advanceTimersByTime(501);
      expect([sent, busy.pending.length]).toEqual([['late'], 0]);
      expect(busy.throttleCheckTimeoutId).toBeNull();
      busy.destroy();
    } finally {
      jest.useRealTimers();
    }
  });
});
