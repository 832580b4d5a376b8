export { Account, type AccountOptions, type AppSessionOptions, type NewAccount } from './account/account.js';
export { argon2id } from './account/argon2.js';
export { Device, type DeviceOptions, type SignedOut, type SignIn } from './device/device.js';
export { DeviceFile, type Pulled, type PullOptions } from './device/device-file.js';
export { Follower, type FollowOptions } from './device/follower.js';
export type { PullOutcome } from './device/integrate.js';
export type { NewFile, Place } from './device/new-file.js';
export type { Pushed } from './device/push.js';
export { ScratchPad, type Imported } from './device/scratch-pad.js';
export type { Unpushed } from './device/unpushed.js';
export { type Answer, type Ask, type Fetch, Http } from './doors/http.js';
export { openStream, type OpenStream, type StreamEvent } from './doors/event-stream.js';
export { InsomniaDoor, type Organization, type TeamProject } from './doors/insomnia-door.js';
export {
  operations,
  type ListedFile,
  type MemberKey,
  type Operation,
  type RemoteBlob,
  type RemoteBranch,
  type RemoteFile,
  type RemoteSnapshot,
} from './doors/operations.js';
export type { AccountView, Sessions, SessionView } from './doors/website.js';
export { compareHistories, HISTORY_CONFLICT, toPush, type Comparison } from './model/history.js';
export { chooses, type Choice, type Conflict, type Take } from './model/merge.js';
export { type Document, MASTER, type Snapshot, type StateEntry } from './model/types.js';
export { asDeviceError, DeviceError, isUnknownOutcome } from './state/device-error.js';
export type { SyncReason, SyncState } from './state/sync-state.js';
export { FolderStore } from './store/folder-store.js';
export { MemoryStore } from './store/memory-store.js';
export type { Store } from './store/store.js';
