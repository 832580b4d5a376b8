import { buildSchema } from 'graphql';

/** The names that the desktop app's own documents use are fixed; so is what may be null. */
export const schema = buildSchema(/* GraphQL */ `
  "ISO-8601 timestamp with milliseconds, UTC"
  scalar DateTime

  type Query {
    projects(teamId: ID, teamProjectId: ID, allProjects: Boolean): [Project!]!
    project(id: ID!): Project
    projectKey(projectId: ID!): ProjectKey
    branches(project: ID!): [Branch!]
    branch(project: ID!, name: String!): Branch
    snapshots(ids: [ID!]!, project: ID!): [Snapshot!]!
    blobs(ids: [ID!]!, project: ID!): [Blob!]!
    blobsMissing(project: ID!, ids: [ID!]!): BlobsMissing!
    teamMemberKeys(teamId: ID!): TeamMemberKeys!
  }

  type Mutation {
    projectCreate(
      name: String!
      id: ID!
      rootDocumentId: ID!
      teamId: ID
      teamProjectId: ID
      teamKeys: [ProjectCreateKeyInput!]
    ): Project!
    projectArchive(id: ID!): Boolean
    branchRemove(project: ID!, name: String!): Boolean
    snapshotsCreate(project: ID!, snapshots: [SnapshotInput!]!, branch: String!): [Snapshot!]!
    blobsCreate(project: ID!, blobs: [BlobInput!]!): BlobsCreateResult!
  }

  type Project {
    id: ID!
    name: String!
    rootDocumentId: ID!
    teamProjectId: ID
    teams: [Team!]!
  }

  type Team {
    id: ID!
    name: String!
  }

  type ProjectKey {
    encSymmetricKey: String!
  }

  type Branch {
    name: String!
    created: DateTime!
    modified: DateTime!
    snapshots: [ID!]!
  }

  type Snapshot {
    id: ID!
    parent: ID!
    created: DateTime!
    author: ID!
    authorAccount: AuthorAccount
    name: String!
    description: String!
    state: [SnapshotStateEntry!]!
  }

  type AuthorAccount {
    firstName: String!
    lastName: String!
    email: String!
  }

  type SnapshotStateEntry {
    key: ID!
    blob: ID!
    name: String!
  }

  type Blob {
    id: ID!
    content: String!
  }

  type BlobsMissing {
    missing: [ID!]!
  }

  type BlobsCreateResult {
    count: Int!
  }

  type TeamMemberKeys {
    memberKeys: [MemberKey!]!
  }

  type MemberKey {
    accountId: ID!
    publicKey: String!
    autoLinked: Boolean!
  }

  input ProjectCreateKeyInput {
    accountId: ID!
    encSymmetricKey: String!
    autoLinked: Boolean
  }

  input SnapshotInput {
    id: ID!
    parent: ID!
    created: DateTime!
    author: ID!
    name: String!
    description: String!
    state: [SnapshotStateEntryInput!]!
  }

  input SnapshotStateEntryInput {
    key: ID!
    blob: ID!
    name: String!
  }

  input BlobInput {
    id: ID!
    content: String!
  }
`);
