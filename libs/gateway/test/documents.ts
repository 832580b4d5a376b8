/** What the app sends, operation by operation, under the labels that it puts into the address. */
export const documents = {
  projects:
    'query ($teamId: ID, $teamProjectId: ID) { projects(teamId: $teamId, teamProjectId: $teamProjectId) { id name rootDocumentId teams { id name } } }',
  project: 'query ($id: ID!) { project(id: $id) { id name rootDocumentId teams { id name } } }',
  createProject: `mutation ($name: String!, $id: ID!, $rootDocumentId: ID!, $teamId: ID, $teamProjectId: ID, $teamKeys: [ProjectCreateKeyInput!]) {
    projectCreate(name: $name, id: $id, rootDocumentId: $rootDocumentId, teamId: $teamId, teamProjectId: $teamProjectId, teamKeys: $teamKeys) {
      id name rootDocumentId teams { id name }
    }
  }`,
  teamMemberKeys:
    'query ($teamId: ID!) { teamMemberKeys(teamId: $teamId) { memberKeys { accountId publicKey autoLinked } } }',
  projectKey: 'query ($projectId: ID!) { projectKey(projectId: $projectId) { encSymmetricKey } }',
  branches: 'query ($projectId: ID!) { branches(project: $projectId) { name } }',
  branch:
    'query ($projectId: ID!, $branch: String!) { branch(project: $projectId, name: $branch) { created modified name snapshots } }',
  snapshots: `query ($ids: [ID!]!, $projectId: ID!) {
    snapshots(ids: $ids, project: $projectId) {
      id parent created author authorAccount { firstName lastName email } name description state { blob key name }
    }
  }`,
  blobs: 'query ($ids: [ID!]!, $projectId: ID!) { blobs(ids: $ids, project: $projectId) { id content } }',
  missingBlobs:
    'query ($projectId: ID!, $ids: [ID!]!) { blobsMissing(project: $projectId, ids: $ids) { missing } }',
  blobsCreate:
    'mutation ($projectId: ID!, $blobs: [BlobInput!]!) { blobsCreate(project: $projectId, blobs: $blobs) { count } }',
  snapshotsPush: `mutation ($projectId: ID!, $snapshots: [SnapshotInput!]!, $branchName: String!) {
    snapshotsCreate(project: $projectId, snapshots: $snapshots, branch: $branchName) {
      id parent created author authorAccount { firstName lastName email } name description state { blob key name }
    }
  }`,
  removeBranch:
    'mutation ($projectId: ID!, $branch: String!) { branchRemove(project: $projectId, name: $branch) }',
  projectArchive: 'mutation ($id: ID!) { projectArchive(id: $id) }',
} as const;
