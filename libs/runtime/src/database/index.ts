export { checkCatalogue, type CatalogueOptions } from './catalogue.js';
export { isConnectionLost } from './database-errors.js';
export * from './database.js';
export * from './direct-connection.js';
export { migrate, type MigrateOptions } from './migrate.js';
export type { Migration, ServiceSchema } from './migration.js';
export { openDatabase, type DatabaseOptions } from './postgres-database.js';
export { roleUrls, type RoleUrls } from './role-urls.js';
export { accountTable, installationTable, tenantTable } from './table-classes.js';
