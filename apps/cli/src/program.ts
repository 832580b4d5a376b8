import { auditSchema } from '@tidemark/audit';
import { branchesSchema } from '@tidemark/branches';
import { orgsSchema } from '@tidemark/orgs';
import {
  createLogger,
  loadConfig,
  migrate,
  migrateVariables,
  type Environment,
  type ServiceSchema,
} from '@tidemark/runtime';
import { Argument, Command } from 'commander';
import { hearers, listParked, replayParked } from './parked.js';
import { rebuildOrganizationList, type RebuildFlags } from './rebuild-projection.js';

const schemas: Readonly<Record<string, ServiceSchema>> = {
  orgs: orgsSchema,
  branches: branchesSchema,
  audit: auditSchema,
};

export function program(env: Environment): Command {
  const tidemark = new Command('tidemark')
    .description('Operates a Tidemark installation.')
    .exitOverride()
    .showHelpAfterError('Say tidemark --help for what there is.');
  tidemark
    .command('migrate')
    .description(
      'Makes or brings up to date the tables and the two login roles of one service. Reads TIDEMARK_DATABASE_URL (the owner), TIDEMARK_APP_DATABASE_URL and TIDEMARK_RELAY_DATABASE_URL (the logins).',
    )
    .addArgument(new Argument('<service>').choices(Object.keys(schemas)))
    .option('--json', 'prints one JSON object')
    .action((service: string, { json }: { json?: boolean }) => migrateService(schemas[service]!, env, json));
  tidemark
    .command('projection')
    .description('Looks after tables that follow from events.')
    .command('rebuild')
    .description(
      'Makes the list of organizations from its events anew and puts it in the place of what is there. Says what differed; exit code 1 when something did. Reads TIDEMARK_DATABASE_URL (the owner of orgs) and TIDEMARK_RELAY_DATABASE_URL.',
    )
    .option('--compare', 'only compares, and changes nothing')
    .option('--json', 'prints one JSON object')
    .action(async (flags: RebuildFlags) => finding(await rebuildOrganizationList(env, flags)));
  const parked = tidemark
    .command('parked')
    .description('Events that a service could not hear. Reads TIDEMARK_APP_DATABASE_URL of the service.');
  parked
    .command('list')
    .description('The streams that wait, one JSON object a line. Exit code 1 when there are any.')
    .action(async () => finding(await listParked(env)));
  parked
    .command('replay')
    .description(
      'After the cause is mended: hears what is parked, in order. Exit code 1 when something is left.',
    )
    .addArgument(new Argument('<service>').choices(Object.keys(hearers)))
    .action(async (service: string) => finding(await replayParked(service, env)));
  return tidemark;
}

function finding(good: boolean): void {
  if (!good) process.exitCode = 1;
}

async function migrateService(service: ServiceSchema, env: Environment, json = false): Promise<void> {
  const config = loadConfig(migrateVariables, env);
  const logger = createLogger({ level: config.logLevel, name: 'migrate' });
  await migrate({
    ownerUrl: config.databaseUrl,
    appUrl: config.appDatabaseUrl,
    relayUrl: config.relayDatabaseUrl,
    service,
    logger,
  });
  const newest = service.migrations.at(-1)!.name;
  process.stdout.write(
    json
      ? `${JSON.stringify({ service: service.name, migration: newest })}\n`
      : `${service.name} is at ${newest}\n`,
  );
}
