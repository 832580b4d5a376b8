import { describe, expect, it, jest } from '@jest/globals';
import { DomainError } from '@tidemark/contracts';
import { StartError } from '../start-error.js';
import { runMain, type Closable } from './run-main.js';

/** A process that notes how it ended. */
function play(start: () => Promise<Closable>) {
  const listeners = new Map<string, (value: unknown) => void>();
  const exits: number[] = [];
  const said: string[] = [];
  const self = {
    on: (event: string, listener: (value: unknown) => void) => listeners.set(event, listener),
    exit: (code: number) => exits.push(code),
  };
  const ended = runMain(start, self, (line) => said.push(line));
  return { ended, exits, said, send: (event: string, value?: unknown) => listeners.get(event)!(value) };
}

describe('the life of a process', () => {
  it.each(['SIGINT', 'SIGTERM'])('ends with 0 after %s, when everything is closed', async (signal) => {
    const steps: string[] = [];
    const { ended, exits, send } = play(async () => ({ close: async () => void steps.push('closed') }));
    send(signal);
    await ended;
    expect(steps).toEqual(['closed']);
    expect(exits).toEqual([0]);
  });

  it('ends when a signal came while it was starting', async () => {
    const started = Promise.withResolvers<Closable>();
    const { ended, exits, send } = play(() => started.promise);
    send('SIGTERM');
    started.resolve({ close: async () => undefined });
    await ended;
    expect(exits).toEqual([0]);
  });

  it('takes signals that come together for one, and ends at once at a later one', async () => {
    const closing = Promise.withResolvers<void>();
    const { ended, exits, send } = play(async () => ({ close: () => closing.promise }));
    const clock = jest.spyOn(performance, 'now').mockReturnValue(10_000);
    send('SIGINT');
    clock.mockReturnValue(11_000);
    send('SIGINT');
    send('SIGTERM');
    expect(exits).toEqual([]);
    clock.mockReturnValue(12_000);
    send('SIGINT');
    expect(exits).toEqual([1]);
    closing.resolve();
    await ended;
  });

  it.each([
    ['configuration', 2],
    ['taken', 3],
    ['damaged', 4],
    ['disk full', 5],
  ] as const)('cannot start: %s, one line and %i', async (failure, code) => {
    const { ended, exits, said } = play(() =>
      Promise.reject(new StartError(failure, 'what is wrong\n  and where')),
    );
    await ended;
    expect(exits).toEqual([code]);
    expect(said).toEqual(['what is wrong and where']);
  });

  it.each([
    ['the file system', Object.assign(new Error('write'), { code: 'ENOSPC' })],
    [
      'the database',
      new DomainError('UNAVAILABLE', 'no', [], {
        cause: Object.assign(new Error('full'), { code: '53100' }),
      }),
    ],
  ])('cannot start because %s has no room left: 5', async (_who, error) => {
    const { ended, exits } = play(() => Promise.reject(error));
    await ended;
    expect(exits).toEqual([5]);
  });

  it('cannot start for a reason that nobody foresaw: 1', async () => {
    const { ended, exits, said } = play(() => Promise.reject(new Error('odd')));
    await ended;
    expect([exits, said]).toEqual([[1], ['odd']]);
  });

  it.each(['uncaughtException', 'unhandledRejection'])('ends with 1 after %s', async (event) => {
    const { exits, said, send } = play(async () => ({ close: async () => undefined }));
    send(event, new Error('nobody caught me'));
    expect(exits).toEqual([1]);
    expect(said[0]).toContain('nobody caught me');
  });

  it('ends with 1 when closing fails', async () => {
    const { ended, exits, said, send } = play(async () => ({
      close: () => Promise.reject(new Error('stuck')),
    }));
    send('SIGTERM');
    await ended;
    expect([exits, said]).toEqual([[1], ['shutdown failed: stuck']]);
  });
});
