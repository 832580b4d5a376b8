import { branchMessages, DomainError, type BranchView, type FileKey } from '@tidemark/contracts';
import type { GraphQLResolveInfo } from 'graphql';
import type { Call } from '../call.js';
import { nameOf, onFile, refuseAbsent } from '../files.js';
import { selects } from '../selects.js';

/** A file that the server does not know has no branches; an error here would disable the button that pushes it. */
export const branches = (
  { project: id }: { project: string },
  call: Call,
  info: GraphQLResolveInfo,
): Promise<BranchView[]> =>
  onFile<BranchView[]>(
    call,
    id,
    (file) =>
      call.send(
        branchMessages.listBranches,
        { ...nameOf(file), withSnapshots: selects(info, 'snapshots') },
        file.org,
      ),
    () => [],
  );

/** A name that no branch can have names no branch. */
export const branch = (
  { project: id, name }: { project: string; name: string },
  call: Call,
): Promise<BranchView | null> =>
  onFile<BranchView | null>(
    call,
    id,
    async (file) =>
      name === '' || name.length > 200
        ? null
        : call.send(branchMessages.getBranch, { ...nameOf(file), branch: name }, file.org),
    () => null,
  );

export const projectKey = ({ projectId: id }: { projectId: string }, call: Call) =>
  onFile(
    call,
    id,
    async (file) => {
      const { key } = await call.send<FileKey>(branchMessages.fileKey, nameOf(file), file.org);
      if (key === null) throw keyless();
      return { encSymmetricKey: key };
    },
    refuseAbsent,
  );

const keyless = () =>
  new DomainError('FORBIDDEN', 'invalid access: you have no key for this file yet; ask a member to share it');
