import { E2eeError, newSymmetricKey, unwrapFileKey, wrapFileKey, type SymmetricKey } from '@tidemark/e2ee';
import { operations } from '../doors/operations.js';
import { DeviceError } from '../state/device-error.js';
import type { FileRecord } from '../store/file-record.js';
import type { Context } from './context.js';

/** Asked each time: the file may have been made anew, with another key, since the last time. */
export async function fileKeyOf({ door, privateKey }: Context, file: string): Promise<SymmetricKey> {
  const { encSymmetricKey } = await door.query(operations.projectKey, { projectId: file });
  try {
    return await unwrapFileKey(encSymmetricKey, await privateKey());
  } catch (cause) {
    if (!(cause instanceof E2eeError)) throw cause;
    throw new DeviceError('NO_FILE_KEY', 'This file was locked with another key than yours.', { cause });
  }
}

/**
 * Makes the file on the server, with a fresh key wrapped for each member. Of two devices that do it at once one wins, and
 * its key counts: so the key that was made here is never used.
 */
export async function createRemote({ door }: Context, record: FileRecord, name: string): Promise<void> {
  const { memberKeys } = await door.query(operations.teamMemberKeys, { teamId: record.org });
  const key = newSymmetricKey();
  const teamKeys = await Promise.all(
    memberKeys.map(async ({ accountId, publicKey, autoLinked }) => ({
      accountId,
      encSymmetricKey: await wrapFileKey(key, publicKey),
      autoLinked,
    })),
  );
  await door.query(operations.createProject, {
    name,
    id: record.id,
    rootDocumentId: record.root,
    teamId: record.org,
    teamProjectId: record.project,
    teamKeys,
  });
}
