import { DeviceError } from './device-error.js';
import { StateKeeper } from './state-keeper.js';
import { fileState, wholeState, type DeviceFacts, type FileFacts, type SyncState } from './sync-state.js';

const NOW = '2026-01-02T03:04:05.678Z';
const good: DeviceFacts = { signedIn: true, connected: true };
const clean: FileFacts = { uncommitted: 0, unpushed: 0, unpulled: 0, comparedAt: NOW };
const problem = new DeviceError('NOT_FOUND', 'gone', { requestId: 'r' });

describe('the state of a file', () => {
  it.each<[device: Partial<DeviceFacts>, file: Partial<FileFacts>, wanted: string]>([
    [{}, {}, 'synced'],
    [{ signedIn: false }, {}, 'offline: not signed in'],
    [{ signedIn: false, connected: false }, {}, 'offline: not signed in'],
    [{ connecting: true }, {}, 'connecting'],
    [{ connected: undefined }, {}, 'connecting'],
    [{ connected: false }, {}, 'offline: not connected'],
    [{ connected: false }, { problem }, 'offline: not connected'],
    [{ problem }, {}, 'error: NOT_FOUND'],
    [{}, { doing: 'pushing' }, 'syncing: pushing'],
    [{}, { doing: 'pushing', problem }, 'syncing: pushing'],
    [{}, { problem }, 'error: NOT_FOUND'],
    [{}, { uncommitted: 1 }, 'syncing: changes to commit'],
    [{}, { unpushed: 1 }, 'syncing: commits to push'],
    [{}, { unpulled: 1 }, 'syncing: commits to pull'],
    [{}, { comparedAt: undefined }, 'syncing: not yet compared with the server'],
  ])('%j with %j is %s', (device, file, wanted) => {
    const told = fileState({ ...good, ...device }, { ...clean, ...file });
    expect(inShort(told)).toBe(wanted);
  });

  it('says what went wrong and what to do about it', () => {
    expect(fileState(good, { ...clean, problem })).toEqual({
      is: 'error',
      code: 'NOT_FOUND',
      text: 'gone',
      remedy: problem.remedy,
      requestId: 'r',
    });
    expect(problem.remedy).toMatch(/\w.*\.$/);
  });
});

describe('the state of a device', () => {
  it('is that of the file that is worst off', () => {
    const of = (...files: Partial<FileFacts>[]) =>
      inShort(
        wholeState(
          good,
          files.map((file) => ({ ...clean, ...file })),
          NOW,
        ),
      );
    expect(of()).toBe('synced');
    expect(of({}, {})).toBe('synced');
    expect(of({}, { unpushed: 1 }, {})).toBe('syncing: commits to push');
    expect(of({ unpushed: 1 }, { problem })).toBe('error: NOT_FOUND');
  });

  it('is told once for each change, and first as it is', () => {
    const keeper = new StateKeeper(() => new Date(NOW));
    const told: string[] = [];
    const stop = keeper.listen((state) => told.push(inShort(state)));
    keeper.device({ signedIn: true });
    keeper.reached();
    keeper.reached();
    keeper.file('a', { comparedAt: NOW });
    keeper.file('a', { unpushed: 1 });
    keeper.file('a', { doing: 'pushing' });
    keeper.file('a', { unpushed: 0 });
    keeper.file('a', { doing: undefined });
    stop();
    keeper.device({ signedIn: false });
    expect(told).toEqual([
      'offline: not signed in',
      'connecting',
      'synced',
      'syncing: commits to push',
      'syncing: pushing',
      'synced',
    ]);
  });

  it('does not call synced what was compared before the line went down', () => {
    const keeper = new StateKeeper(() => new Date(NOW));
    keeper.device({ signedIn: true, connected: true });
    keeper.file('a', { comparedAt: NOW });
    keeper.failed(new DeviceError('NOT_CONNECTED', 'away'), 'a');
    expect(inShort(keeper.whole)).toBe('offline: not connected');
    keeper.reached();
    expect(inShort(keeper.whole)).toBe('syncing: not yet compared with the server');
  });
});

function inShort(state: SyncState): string {
  if (state.is === 'error') return `error: ${state.code}`;
  return 'why' in state ? `${state.is}: ${state.why}` : state.is;
}
