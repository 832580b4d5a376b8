export { openAudit, type Audit, type AuditOptions } from './open-audit.js';
export { auditSchema } from './audit.schema.js';
export { recordEntries } from './entry/entry.projection.js';
