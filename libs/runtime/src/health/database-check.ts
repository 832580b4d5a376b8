import type { Database } from '../database/database.js';
import type { HealthCheck } from './health.js';

/** The database answers. */
export const databaseCheck = (database: Database, name = 'database'): HealthCheck => ({
  name,
  async check() {
    await database.one('health', 'select 1 as one');
    return undefined;
  },
});
