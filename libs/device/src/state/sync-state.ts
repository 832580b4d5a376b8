import { DeviceError } from './device-error.js';

/** What a device, or one file on it, is at; always with a reason. */
export type SyncState =
  | { readonly is: 'offline'; readonly why: 'not connected' | 'not signed in'; readonly text: string }
  | { readonly is: 'connecting' }
  | { readonly is: 'syncing'; readonly why: SyncReason }
  /** The server has confirmed the last revision of everything here. */
  | { readonly is: 'synced'; readonly at: string }
  | {
      readonly is: 'error';
      readonly code: string;
      readonly text: string;
      readonly remedy: string;
      readonly requestId: string | undefined;
    };

export type SyncReason =
  | 'pushing'
  | 'pulling'
  | 'asking the server'
  | 'changes to commit'
  | 'commits to push'
  | 'commits to pull'
  | 'not yet compared with the server';

/** What is known of one file; the rest follows. */
export interface FileFacts {
  readonly doing?: 'pushing' | 'pulling' | 'asking the server' | undefined;
  readonly problem?: DeviceError | undefined;
  readonly uncommitted: number;
  readonly unpushed: number;
  readonly unpulled: number;
  /** When the server last told how far it is; undefined: not since this device connected, or it has said since that it moved. */
  readonly comparedAt?: string | undefined;
}

export interface DeviceFacts {
  readonly signedIn: boolean;
  /** Why nobody is signed in, if the server has said so. */
  readonly endedBecause?: string | undefined;
  /** Undefined: nothing has been asked yet. */
  readonly connected?: boolean | undefined;
  readonly connecting?: boolean | undefined;
  readonly problem?: DeviceError | undefined;
}

const offline = (why: 'not connected' | 'not signed in', text: string): SyncState => ({
  is: 'offline',
  why,
  text,
});

const failed = ({ code, text, remedy, requestId }: DeviceError): SyncState => ({
  is: 'error',
  code,
  text,
  remedy,
  requestId,
});

/** Undefined: nothing keeps the device from syncing. */
export function deviceState(device: DeviceFacts): SyncState | undefined {
  if (!device.signedIn) return offline('not signed in', device.endedBecause ?? 'Nobody is signed in.');
  if (device.connecting) return { is: 'connecting' };
  if (device.connected === false) return offline('not connected', 'The server cannot be reached.');
  if (device.problem) return failed(device.problem);
  return device.connected === undefined ? { is: 'connecting' } : undefined;
}

export function fileState(device: DeviceFacts, file: FileFacts): SyncState {
  const first = deviceState(device);
  if (first) return first;
  if (file.doing) return { is: 'syncing', why: file.doing };
  if (file.problem) return failed(file.problem);
  if (file.uncommitted > 0) return { is: 'syncing', why: 'changes to commit' };
  if (file.unpushed > 0) return { is: 'syncing', why: 'commits to push' };
  if (file.unpulled > 0) return { is: 'syncing', why: 'commits to pull' };
  return file.comparedAt === undefined
    ? { is: 'syncing', why: 'not yet compared with the server' }
    : { is: 'synced', at: file.comparedAt };
}

const weight = { synced: 0, syncing: 1, connecting: 2, error: 3, offline: 4 } as const;

/** Of all files the one that is worst off; of a device without files, that of the device. */
export function wholeState(device: DeviceFacts, files: readonly FileFacts[], now: string): SyncState {
  const first = deviceState(device);
  if (first) return first;
  const states = files.map((file) => fileState(device, file));
  return states.reduce<SyncState>((worst, state) => (weight[state.is] > weight[worst.is] ? state : worst), {
    is: 'synced',
    at: now,
  });
}
