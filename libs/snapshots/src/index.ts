export { acceptRecords } from './acceptance/acceptance.hearing.js';
export { openSnapshots, type Snapshots, type SnapshotsOptions } from './open-snapshots.js';
export { snapshotsSchema } from './snapshots.schema.js';
