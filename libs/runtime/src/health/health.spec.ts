import { describe, expect, it, jest } from '@jest/globals';
import { Health } from './health.js';

describe('readiness', () => {
  it('is there when every part works', async () => {
    const health = new Health();
    health.add({ name: 'a', check: () => undefined });
    health.add({ name: 'b', check: async () => undefined });
    expect(await health.readiness()).toEqual({ ready: true, checks: { a: 'ok', b: 'ok' } });
  });

  it.each([
    ['says why', () => 'lags', 'lags'],
    [
      'throws',
      () => {
        throw new Error('broke');
      },
      'broke',
    ],
    ['rejects', () => Promise.reject(new Error('later')), 'later'],
  ])('is lost when one part %s', async (_how, check, reason) => {
    const health = new Health();
    health.add({ name: 'good', check: () => undefined });
    const takeBack = health.add({ name: 'bad', check });
    expect(await health.readiness()).toEqual({ ready: false, checks: { good: 'ok', bad: reason } });
    takeBack();
    expect((await health.readiness()).ready).toBe(true);
  });

  it('is lost when a part does not answer', async () => {
    jest.useFakeTimers();
    const health = new Health();
    health.add({ name: 'stuck', check: () => new Promise(() => undefined) });
    const asked = health.readiness();
    await jest.advanceTimersByTimeAsync(2_000);
    expect(await asked).toEqual({ ready: false, checks: { stuck: 'no answer within 2 s' } });
    jest.useRealTimers();
  });

  it('ends with the beginning of a shutdown', async () => {
    const health = new Health();
    health.drain();
    expect((await health.readiness()).ready).toBe(false);
  });
});
