/**
 * The operations of the Insomnia door, each with the label under which it is sent. Labels and variable names are part of
 * the protocol: both differ from the field in several places.
 */
export interface Operation<Variables, Data> {
  readonly label: string;
  readonly query: string;
  readonly read: (data: Record<string, unknown>) => Data;
  /** Never set: ties the variables to the operation. */
  readonly variables?: Variables;
}

const operation = <Variables, Data>(
  label: string,
  field: string,
  query: string,
): Operation<Variables, Data> => ({
  label,
  query: query.replaceAll(/\s+/g, ' ').trim(),
  read: (data) => data[field] as Data,
});

export interface RemoteFile {
  readonly id: string;
  readonly name: string;
  readonly rootDocumentId: string;
}

export interface ListedFile extends RemoteFile {
  readonly teamProjectId?: string | null;
  readonly teams: readonly { readonly id: string; readonly name: string }[];
}

export interface RemoteBranch {
  readonly name: string;
  readonly created: string;
  readonly modified: string;
  readonly snapshots: readonly string[];
}

export interface RemoteSnapshot {
  readonly id: string;
  readonly parent: string;
  readonly created: string;
  readonly author: string;
  readonly authorAccount: { firstName: string; lastName: string; email: string } | null;
  readonly name: string;
  readonly description: string;
  readonly state: readonly { readonly key: string; readonly blob: string; readonly name: string }[];
}

export interface MemberKey {
  readonly accountId: string;
  readonly publicKey: string;
  readonly autoLinked: boolean;
}

export interface RemoteBlob {
  readonly id: string;
  readonly content: string;
}

type OfFile = { projectId: string };

const SNAPSHOT =
  'id parent created author authorAccount { firstName lastName email } name description state { key blob name }';

export const operations = {
  projects: operation<{ teamId: string; teamProjectId: string }, ListedFile[]>(
    'projects',
    'projects',
    `query ($teamId: ID, $teamProjectId: ID) {
      projects(teamId: $teamId, teamProjectId: $teamProjectId) { id name rootDocumentId teams { id name } }
    }`,
  ),
  allProjects: operation<{ teamId: string }, ListedFile[]>(
    'projects',
    'projects',
    `query ($teamId: ID) {
      projects(teamId: $teamId, allProjects: true) { id name rootDocumentId teamProjectId teams { id name } }
    }`,
  ),
  project: operation<{ id: string }, RemoteFile | null>(
    'project',
    'project',
    'query ($id: ID!) { project(id: $id) { id name rootDocumentId } }',
  ),
  createProject: operation<
    {
      name: string;
      id: string;
      rootDocumentId: string;
      teamId: string;
      teamProjectId: string;
      teamKeys: { accountId: string; encSymmetricKey: string; autoLinked: boolean }[];
    },
    RemoteFile
  >(
    'createProject',
    'projectCreate',
    `mutation ($name: String!, $id: ID!, $rootDocumentId: ID!, $teamId: ID, $teamProjectId: ID, $teamKeys: [ProjectCreateKeyInput!]) {
      projectCreate(name: $name, id: $id, rootDocumentId: $rootDocumentId, teamId: $teamId, teamProjectId: $teamProjectId, teamKeys: $teamKeys) {
        id name rootDocumentId
      }
    }`,
  ),
  teamMemberKeys: operation<{ teamId: string }, { memberKeys: MemberKey[] }>(
    'teamMemberKeys',
    'teamMemberKeys',
    'query ($teamId: ID!) { teamMemberKeys(teamId: $teamId) { memberKeys { accountId publicKey autoLinked } } }',
  ),
  projectKey: operation<OfFile, { encSymmetricKey: string }>(
    'projectKey',
    'projectKey',
    'query ($projectId: ID!) { projectKey(projectId: $projectId) { encSymmetricKey } }',
  ),
  branches: operation<OfFile, { name: string }[] | null>(
    'branches',
    'branches',
    'query ($projectId: ID!) { branches(project: $projectId) { name } }',
  ),
  branch: operation<OfFile & { branch: string }, RemoteBranch | null>(
    'branch',
    'branch',
    `query ($projectId: ID!, $branch: String!) {
      branch(project: $projectId, name: $branch) { created modified name snapshots }
    }`,
  ),
  snapshots: operation<OfFile & { ids: readonly string[] }, RemoteSnapshot[]>(
    'snapshots',
    'snapshots',
    `query ($ids: [ID!]!, $projectId: ID!) { snapshots(ids: $ids, project: $projectId) { ${SNAPSHOT} } }`,
  ),
  blobs: operation<OfFile & { ids: readonly string[] }, RemoteBlob[]>(
    'blobs',
    'blobs',
    'query ($ids: [ID!]!, $projectId: ID!) { blobs(ids: $ids, project: $projectId) { id content } }',
  ),
  missingBlobs: operation<OfFile & { ids: readonly string[] }, { missing: string[] }>(
    'missingBlobs',
    'blobsMissing',
    'query ($projectId: ID!, $ids: [ID!]!) { blobsMissing(project: $projectId, ids: $ids) { missing } }',
  ),
  blobsCreate: operation<OfFile & { blobs: readonly RemoteBlob[] }, { count: number }>(
    'blobsCreate',
    'blobsCreate',
    `mutation ($projectId: ID!, $blobs: [BlobInput!]!) { blobsCreate(project: $projectId, blobs: $blobs) { count } }`,
  ),
  snapshotsPush: operation<OfFile & { branchName: string; snapshots: readonly object[] }, RemoteSnapshot[]>(
    'snapshotsPush',
    'snapshotsCreate',
    `mutation ($projectId: ID!, $snapshots: [SnapshotInput!]!, $branchName: String!) {
      snapshotsCreate(project: $projectId, snapshots: $snapshots, branch: $branchName) { ${SNAPSHOT} }
    }`,
  ),
  removeBranch: operation<OfFile & { branch: string }, boolean | null>(
    'removeBranch',
    'branchRemove',
    'mutation ($projectId: ID!, $branch: String!) { branchRemove(project: $projectId, name: $branch) }',
  ),
  projectArchive: operation<{ id: string }, boolean | null>(
    'projectArchive',
    'projectArchive',
    'mutation ($id: ID!) { projectArchive(id: $id) }',
  ),
} as const;
