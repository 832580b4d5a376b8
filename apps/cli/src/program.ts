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
import { snapshotsSchema } from '@tidemark/snapshots';
import { Argument, Command } from 'commander';
import {
  createAccount,
  createOperator,
  createSession,
  type AccountFlags,
  type SessionFlags,
} from './accounts.js';
import { hearers, listParked, replayParked } from './parked.js';
import { rebuildOrganizationList, type RebuildFlags } from './rebuild-projection.js';

const schemas: Readonly<Record<string, ServiceSchema>> = {
  orgs: orgsSchema,
  branches: branchesSchema,
  snapshots: snapshotsSchema,
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
  people(tidemark, env);
  return tidemark;
}

/** What speaks to a running installation, at TIDEMARK_API_URL, as any program of a person would. */
function people(tidemark: Command, env: Environment): void {
  const withPassphrase = (command: Command) =>
    command
      .requiredOption('--email <address>', 'the address that the account is known by')
      .option('--passphrase-stdin', 'takes the passphrase from the first line of standard input');
  withPassphrase(tidemark.command('account').description('Accounts of people.').command('create'))
    .description(
      'Makes an account and prints its recovery code, once. With TIDEMARK_OPERATOR_TOKEN whatever the registration policy says.',
    )
    .option('--name <name>', 'first and last name')
    .option('--json', 'prints one JSON object')
    .action((flags: AccountFlags) => createAccount(env, flags));
  withPassphrase(tidemark.command('session').description('Sessions of devices.').command('create'))
    .description('Signs in and prints what the desktop app reads from INSOMNIA_SESSION.')
    .option('--device <name>', 'as it stands in the list of devices', 'tidemark command line')
    .option('--end <session>', 'a session to end in the same step, when there are too many')
    .action((flags: SessionFlags) => createSession(env, flags));
  withPassphrase(tidemark.command('operator').description('Operators of the installation.').command('create'))
    .description(
      'Makes the first operator, of a new account or of one that exists. The setup code is TIDEMARK_SETUP_CODE or the second line of standard input.',
    )
    .option('--name <name>', 'first and last name, of a new account')
    .option('--json', 'prints one JSON object')
    .action((flags: AccountFlags) => createOperator(env, flags));
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
