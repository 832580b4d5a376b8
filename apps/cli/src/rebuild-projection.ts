import { PostgresLogReader } from '@tidemark/event-store';
import { organizationList, orgsSchema } from '@tidemark/orgs';
import {
  createLogger,
  loadConfig,
  openDatabase,
  openDirect,
  rebuildVariables,
  type Environment,
} from '@tidemark/runtime';
import { compareProjection, rebuildProjection } from '@tidemark/transport';

export interface RebuildFlags {
  readonly compare?: boolean;
  readonly json?: boolean;
}

/** What is shown of a long list of differences. */
const SHOWN = 20;

/** Answers whether the projection was what follows from its events. */
export async function rebuildOrganizationList(env: Environment, flags: RebuildFlags): Promise<boolean> {
  const config = loadConfig(rebuildVariables, env);
  const logger = createLogger({ level: config.logLevel, name: 'rebuild' });
  const owner = await openDirect({ url: config.databaseUrl, name: 'tidemark rebuild', logger });
  const relay = openDatabase({ url: config.relayDatabaseUrl, name: 'tidemark rebuild', max: 1, logger });
  try {
    const work = flags.compare ? compareProjection : rebuildProjection;
    const found = await work({
      owner,
      schema: orgsSchema.name,
      log: new PostgresLogReader(relay),
      projection: organizationList,
    });
    process.stdout.write(flags.json ? `${JSON.stringify(found)}\n` : told(found));
    return found.differences.length === 0;
  } finally {
    await owner.close();
    await relay.close();
  }
}

function told({ events, rows, differences }: Awaited<ReturnType<typeof compareProjection>>): string {
  const lines = [
    `events=${events} rows=${rows} differences=${differences.length}`,
    ...differences.slice(0, SHOWN),
  ];
  return `${lines.join('\n')}\n`;
}
