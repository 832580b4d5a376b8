import {
  branchMessages,
  DomainError,
  fileAbsent,
  isOrgId,
  type Access,
  type FileView,
} from '@tidemark/contracts';
import { asDomainError } from '@tidemark/runtime';
import type { Call } from './call.js';

export const FILE_ID = /^prj_[0-9a-f]{32}$/;
export const PROJECT_ID = /^proj_[0-9a-zA-Z_-]{1,80}$/;

/** A live file that the caller may see, and what they may do with it. */
export interface ReachedFile extends FileView {
  readonly level: Access['level'];
}

/** What names a file in the messages about it. */
export const nameOf = ({ org, incarnation }: FileView) => ({ org, incarnation });

/**
 * Works on the file that the id names within the caller's organizations. Unknown, archived and not theirs to see are one
 * case, also when it becomes so meanwhile (obligation O9).
 */
export async function onFile<T>(
  call: Call,
  id: string,
  work: (file: ReachedFile) => Promise<T>,
  ifAbsent: () => T,
): Promise<T> {
  try {
    const file = await findFile(call, id);
    return file ? await work(file) : ifAbsent();
  } catch (error) {
    if (isAbsence(error)) return ifAbsent();
    throw error;
  }
}

/** The same for work that changes something. */
export const changeFile = <T>(
  call: Call,
  id: string,
  work: (file: ReachedFile) => Promise<T>,
  ifAbsent: () => T,
): Promise<T> => onFile(call, id, (file) => work(writable(file)), ifAbsent);

/** For calls to which an empty answer would be a lie that the app acts on. */
export const refuseAbsent = (): never => {
  throw fileAbsent();
};

export const isAbsence = (error: unknown): boolean => asDomainError(error).code === 'NOT_FOUND';

/** Access, or undefined where there is nothing to see. */
export async function reach(call: Call, org: string, project?: string): Promise<Access | undefined> {
  const named = isOrgId(org) && (project === undefined || PROJECT_ID.test(project));
  if (!named) return undefined;
  try {
    return await call.access(org, project);
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

async function findFile(call: Call, id: string): Promise<ReachedFile | undefined> {
  const orgs = call.session.organizations;
  if (!FILE_ID.test(id) || orgs.length === 0) return undefined;
  const found = await call.send<FileView[]>(branchMessages.findFile, { file: id, orgs });
  const reached = await Promise.all(found.map((file) => withLevel(call, file)));
  const [file, another] = reached.filter((each) => each !== undefined);
  return another ? undefined : file;
}

async function withLevel(call: Call, file: FileView): Promise<ReachedFile | undefined> {
  const access = await reach(call, file.org, file.project);
  return access && { ...file, level: access.level };
}

function writable(file: ReachedFile): ReachedFile {
  if (file.level !== 'write') throw mayNotChange();
  return file;
}

export const mayNotChange = () =>
  new DomainError('FORBIDDEN', 'invalid access: you may read here, but not change anything');
