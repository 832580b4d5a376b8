import {
  isHash,
  notFound,
  type Access,
  type AccountView,
  type Authenticated,
  type FileView,
  type Organization,
} from '@tidemark/contracts';
import { nobody, type Answers } from './fake-services.js';
import { SESSION, WEB_SESSION } from './gateway.js';
import { vectors } from './vectors.js';

const { whoami } = vectors;
const text = (member: string) => String(whoami[member]);

export const ACCOUNT = text('accountId');
export const ORG = 'org_e87cb45c05ad389d58904ea398345c24';
export const OTHER_ORG = `org_${'b'.repeat(32)}`;
export const PROJECT = 'proj_b4a39e17bc7666b69a95253d86c0e934';
export const FILE = 'prj_2e399f5440912bc82708aa9924dd51b5';
export const ROOT = 'wrk_21a3230e03772a58aff1b3709a9e2328';
export const INCARNATION = `inc_${'1'.repeat(32)}`;
export const SESSION_ID = `ses_${'5'.repeat(32)}`;

export const account: AccountView = {
  id: ACCOUNT,
  email: text('email'),
  firstName: text('firstName'),
  lastName: text('lastName'),
  emailVerified: true,
  operator: false,
  createdAt: '2024-10-27T03:33:20.000Z',
  personalOrg: ORG,
  kdf: { v: 1, m: 65_536, t: 3, p: 1, salt: '0'.repeat(32) },
  publicKey: text('publicKey'),
  encPrivateKey: text('encPrivateKey'),
  encSymmetricKey: text('encSymmetricKey'),
};

export const organization: Organization = {
  id: ORG,
  name: 'Personal',
  createdAt: '2024-10-27T03:33:20.000Z',
  kind: 'personal',
  owner: ACCOUNT,
};

export const file: FileView = {
  org: ORG,
  project: PROJECT,
  file: FILE,
  incarnation: INCARNATION,
  root: ROOT,
  name: 'Analytical Engine',
  createdAt: '2024-10-27T03:33:20.000Z',
};

export const authenticated: Authenticated = {
  account: ACCOUNT,
  session: SESSION_ID,
  kind: 'app',
  operator: false,
  emailVerified: true,
  organizations: [ORG],
};

const access: Access = { org: ORG, kind: 'personal', owner: ACCOUNT, level: 'write' };

/** The services as they are for Ada, alone in her organization with one project and one file in it. */
export const ada = (): Answers => ({
  'orgs.authenticate': ({ token }: { token: string }) =>
    token === SESSION || token === WEB_SESSION ? authenticated : nobody(),
  'orgs.account': () => account,
  'orgs.sign-out': () => ({}),
  'orgs.list-organizations': () => ({ items: [organization], next: null }),
  'orgs.get-organization': ({ org }: { org: string }) => (org === ORG ? organization : refuse()),
  'orgs.access': ({ org, project }: { org: string; project?: string }) =>
    org === ORG && [undefined, PROJECT, `proj_${ORG}`].includes(project) ? access : refuse(),
  'orgs.list-projects': () => ({
    items: [{ id: PROJECT, org: ORG, name: 'Engines', createdAt: file.createdAt }],
  }),
  'orgs.create-project': ({ name }: { name: string }) => ({ id: PROJECT, org: ORG, name, createdAt: '' }),
  'orgs.rename-project': ({ name }: { name: string }) => ({ id: PROJECT, org: ORG, name, createdAt: '' }),
  'orgs.delete-project': () => ({}),
  'orgs.member-keys': () => ({ items: [{ account: ACCOUNT, publicKey: account.publicKey }] }),
  'orgs.people': ({ accounts }: { accounts: string[] }) => ({
    items: accounts
      .filter((id) => id === ACCOUNT)
      .map((id) => ({ account: id, firstName: 'Ada', lastName: 'Lovelace', email: account.email })),
  }),
  'branches.find-file': ({ file: id, orgs }: { file: string; orgs: string[] }) =>
    id === FILE && orgs.includes(ORG) ? [file] : [],
  'branches.list-files': () => [file],
  'branches.create-file': () => file,
  'branches.archive-file': () => null,
  'branches.file-key': () => ({ key: 'ab'.repeat(256) }),
  'branches.list-branches': () => [
    { name: 'master', created: file.createdAt, modified: file.createdAt, snapshots: [] },
  ],
  'branches.get-branch': ({ branch }: { branch: string }) =>
    branch === 'master'
      ? { name: 'master', created: file.createdAt, modified: file.createdAt, snapshots: ['a'.repeat(40)] }
      : refuse(),
  'branches.remove-branch': () => null,
  'branches.append': ({ snapshots }: { snapshots: string[] }) => ({
    accepted: snapshots.map((id) => ({ id, hash: `hash of ${id}`, pushedBy: ACCOUNT })),
  }),
  'snapshots.missing-blobs': ({ ids }: { ids: string[] }) => ({ missing: ids.filter(isHash).slice(1) }),
  'snapshots.put-blobs': () => null,
  'snapshots.stage': ({ snapshots }: { snapshots: { id: string }[] }) => ({
    token: 'staged',
    snapshots: snapshots.map((snapshot) => ({ ...snapshot, hash: `hash of ${snapshot.id}` })),
  }),
});

function refuse(): never {
  throw notFound();
}
