import { blobs, blobsCreate, blobsMissing } from './blobs.js';
import { branch, branches, projectKey } from './branches.js';
import {
  branchRemove,
  project,
  projectArchive,
  projectCreate,
  projects,
  teamMemberKeys,
} from './projects.js';
import { snapshots, snapshotsCreate } from './snapshots.js';

/** The root of queries and mutations: one function per field, called with its arguments, the call and what is selected. */
export const operations = {
  projects,
  project,
  projectKey,
  branches,
  branch,
  snapshots,
  blobs,
  blobsMissing,
  teamMemberKeys,
  projectCreate,
  projectArchive,
  branchRemove,
  snapshotsCreate,
  blobsCreate,
};
