import {
  branchMessages,
  defaultProjectOf,
  DomainError,
  fileAbsent,
  newCommandId,
  orgsMessages,
  projectMessages,
  derivedUuid,
  type FileView,
  type MemberKey,
  type Organization,
  type Project,
} from '@tidemark/contracts';
import type { GraphQLResolveInfo } from 'graphql';
import type { Items } from '../../asking/items.js';
import type { Call } from '../call.js';
import {
  changeFile,
  FILE_ID,
  isAbsence,
  mayNotChange,
  nameOf,
  onFile,
  reach,
  refuseAbsent,
} from '../files.js';
import { selects } from '../selects.js';
import { keysOfMembers, type KeyInput } from './member-keys.js';

/** What the app calls a project is a file here, and what it calls a team is an organization. */
interface ShownFile {
  readonly id: string;
  readonly name: string;
  readonly rootDocumentId: string;
  readonly teamProjectId: string;
  readonly teams: readonly { readonly id: string; readonly name: string }[];
}

const shown = ({ file, name, root, project, org }: FileView, orgName: string): ShownFile => ({
  id: file,
  name,
  rootDocumentId: root,
  teamProjectId: project,
  teams: [{ id: org, name: orgName }],
});

async function nameOfOrg(call: Call, org: string): Promise<string> {
  const { name } = await call.send<Organization>(orgsMessages.getOrganization, { org });
  return name;
}

const nameIfShown = (call: Call, org: string, info: GraphQLResolveInfo): Promise<string> =>
  selects(info, 'teams') ? nameOfOrg(call, org) : Promise.resolve('');

interface ProjectsArgs {
  readonly teamId?: string | null;
  readonly teamProjectId?: string | null;
  readonly allProjects?: boolean | null;
}

export async function projects(
  { teamId, teamProjectId, allProjects }: ProjectsArgs,
  call: Call,
  info: GraphQLResolveInfo,
): Promise<ShownFile[]> {
  const org = teamId ?? '';
  const project = allProjects === true ? undefined : (teamProjectId ?? undefined);
  if (!(await reach(call, org, project))) return [];
  const [files, name] = await Promise.all([filesOf(call, org, project), nameIfShown(call, org, info)]);
  return files.map((file) => shown(file, name));
}

/** Files of a project that was deleted a moment ago are still being archived; they are gone already. */
async function filesOf(call: Call, org: string, project: string | undefined): Promise<FileView[]> {
  if (project !== undefined) return call.send(branchMessages.listFiles, { org, project }, org);
  const [files, alive] = await Promise.all([
    call.send<FileView[]>(branchMessages.listFiles, { org }, org),
    call.send<Items<Project>>(projectMessages.list, { org }, org),
  ]);
  const ids = new Set(alive.items.map(({ id }) => id));
  return files.filter((file) => ids.has(file.project));
}

export const project = (
  { id }: { id: string },
  call: Call,
  info: GraphQLResolveInfo,
): Promise<ShownFile | null> =>
  onFile<ShownFile | null>(
    call,
    id,
    async (file) => shown(file, await nameIfShown(call, file.org, info)),
    () => null,
  );

export async function teamMemberKeys({ teamId }: { teamId: string }, call: Call) {
  if (!(await reach(call, teamId))) return refuseAbsent();
  const { items } = await call.send<Items<MemberKey>>(projectMessages.memberKeys, { org: teamId }, teamId);
  return {
    memberKeys: items.map(({ account, publicKey }) => ({ accountId: account, publicKey, autoLinked: false })),
  };
}

interface CreateArgs {
  readonly name: string;
  readonly id: string;
  readonly rootDocumentId: string;
  readonly teamId?: string | null;
  readonly teamProjectId?: string | null;
  readonly teamKeys?: readonly KeyInput[] | null;
}

/** Repeated it gives the file that is there, its keys untouched (obligation O11). */
export async function projectCreate(
  { name: title, id, rootDocumentId: root, teamId, teamProjectId, teamKeys }: CreateArgs,
  call: Call,
  info: GraphQLResolveInfo,
): Promise<ShownFile> {
  const org = teamId ?? '';
  const project = teamProjectId ?? defaultProjectOf(org);
  const access = await reach(call, org, project);
  if (!access) throw fileAbsent();
  if (access.level !== 'write') throw mayNotChange();
  if (!FILE_ID.test(id))
    throw new DomainError('INVALID_ID', 'The id must be prj_ and 32 hexadecimal digits.');
  const [members, orgName] = await Promise.all([
    call.send<Items<MemberKey>>(projectMessages.memberKeys, { org }, org),
    nameIfShown(call, org, info),
    refuseIfElsewhere(call, id, org),
  ]);
  const keys = keysOfMembers(teamKeys ?? [], members.items, call.actor.account);
  const message = { org, project, file: id, root, name: oneLineOf(title), keys };
  return shown(await create(call, message), orgName);
}

const LONGEST_NAME = 1_000;

/** What is imported may have a title of several lines or of any length; refused for it, it could never be pushed. */
const oneLineOf = (title: string): string =>
  title
    .replace(/\p{Cc}/gu, ' ')
    .slice(0, LONGEST_NAME)
    .toWellFormed();

interface PlaceOfFile {
  readonly org: string;
  readonly project: string;
  readonly file: string;
}

async function create(call: Call, message: PlaceOfFile): Promise<FileView> {
  const send = () => call.send<FileView>(branchMessages.createFile, message, message.org);
  try {
    return await send();
  } catch (error) {
    if (isAbsence(error) && (await archivedWithItsProject(call, message))) return send();
    throw error;
  }
}

/**
 * Whoever makes a project local and then shared again pushes the same files into a new one, maybe before `branches` has
 * heard that the old one is deleted. What it will do then is done here.
 */
async function archivedWithItsProject(call: Call, { org, project, file }: PlaceOfFile): Promise<boolean> {
  const [found] = await call.send<FileView[]>(branchMessages.findFile, { file, orgs: [org] });
  if (!found || found.project === project) return false;
  const { items } = await call.send<Items<Project>>(projectMessages.list, { org }, org);
  if (items.some(({ id }) => id === found.project)) return false;
  await archive(call, found);
  return true;
}

const archive = (call: Call, file: FileView): Promise<unknown> => {
  const command = derivedUuid('archive', file.incarnation);
  return call.send(branchMessages.archiveFile, { ...nameOf(file), command }, file.org);
};

/** The words that the user of an id sees who has it in two organizations: "absent" would only lead the app back here. */
async function refuseIfElsewhere(call: Call, file: string, org: string): Promise<void> {
  const orgs = call.session.organizations.filter((each) => each !== org);
  if (orgs.length === 0) return;
  for (const found of await call.send<FileView[]>(branchMessages.findFile, { file, orgs })) {
    if (!(await reach(call, found.org, found.project))) continue;
    const name = await nameOfOrg(call, found.org);
    throw new DomainError('CONFLICT', `this file already lives in “${name}”; archive it there first`);
  }
}

export const projectArchive = ({ id }: { id: string }, call: Call): Promise<boolean> =>
  changeFile(
    call,
    id,
    async (file) => {
      await archive(call, file);
      return true;
    },
    () => true,
  );

export const branchRemove = (
  { project: id, name: branch }: { project: string; name: string },
  call: Call,
): Promise<boolean> =>
  changeFile(
    call,
    id,
    async (file) => {
      const command = newCommandId();
      await call.send(branchMessages.removeBranch, { ...nameOf(file), branch, command }, file.org);
      return true;
    },
    () => true,
  );
