import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { environment, type RoleUrls } from '@tidemark/runtime';
import type { ServiceName } from './arguments.js';

export const servicesWithTables = [
  'orgs',
  'branches',
  'snapshots',
  'audit',
] as const satisfies readonly ServiceName[];

/** Runs `tidemark migrate` as a job of its own, as any orchestrator would before the services start. */
export async function migrateInJob(service: ServiceName, ownerUrl: string, roles: RoleUrls): Promise<void> {
  const cli = join(import.meta.dirname, '..', '..', 'cli', 'dist', 'main.js');
  const env = {
    PATH: environment()['PATH'],
    TIDEMARK_DATABASE_URL: ownerUrl,
    TIDEMARK_APP_DATABASE_URL: roles.appUrl,
    TIDEMARK_RELAY_DATABASE_URL: roles.relayUrl,
    TIDEMARK_LOG_LEVEL: 'warn',
  };
  try {
    await promisify(execFile)(process.execPath, [cli, 'migrate', service], { env });
  } catch (error) {
    const lines = (error as { stderr?: string }).stderr?.trim().split('\n') ?? [];
    // A program that could not even begin says its reason before the stack and the version.
    const said = lines.find((line) => /^tidemark: |^\w*Error\b/.test(line)) ?? (error as Error).message;
    throw new Error(`The migration of ${service} failed: ${said}`, { cause: error });
  }
}
