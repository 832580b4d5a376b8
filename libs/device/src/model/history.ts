import { DeviceError } from '../state/device-error.js';

export const HISTORY_CONFLICT = 'Remote history conflict. Please pull latest changes and try again';

export interface Comparison {
  /** Snapshots that only this device has. */
  readonly ahead: number;
  /** Snapshots that only the server has. */
  readonly behind: number;
}

/**
 * Counted from the last snapshot that both lists hold. Two lists without a common one cannot be counted against each
 * other: 0 and 0, unless one of them has nothing.
 */
export function compareHistories(local: readonly string[], remote: readonly string[] | null): Comparison {
  if (remote === null || remote.length === 0) return { ahead: local.length, behind: 0 };
  if (local.length === 0) return { ahead: 0, behind: remote.length };
  const places = new Map(remote.map((id, place) => [id, place]));
  for (let place = local.length - 1; place >= 0; place--) {
    const there = places.get(local[place]!);
    if (there !== undefined) return { ahead: local.length - place - 1, behind: remote.length - there - 1 };
  }
  return { ahead: 0, behind: 0 };
}

/** What a push has to send: the remote list must be how the local one begins. */
export function toPush(local: readonly string[], remote: readonly string[] | null): readonly string[] {
  const there = remote ?? [];
  const begins = there.length <= local.length && there.every((id, place) => local[place] === id);
  if (!begins) throw new DeviceError('HISTORY_CONFLICT', HISTORY_CONFLICT);
  return local.slice(there.length);
}

/** The newest snapshot that stands in both lists. */
export function lastCommon(local: readonly string[], remote: readonly string[]): string | undefined {
  const there = new Set(remote);
  return local.findLast((id) => there.has(id));
}
