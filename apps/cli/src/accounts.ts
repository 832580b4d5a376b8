import { Account, asDeviceError, DeviceError } from '@tidemark/device';
import { isLongEnough, shortestPassphrase } from '@tidemark/e2ee';
import { clientVariables, loadConfig, type Environment } from '@tidemark/runtime';
import { secretLines } from './secret-lines.js';
import { UsageError } from './usage-error.js';

export interface AccountFlags {
  readonly email: string;
  readonly passphraseStdin?: boolean;
  readonly name?: string;
  readonly json?: boolean;
}

export interface SessionFlags extends AccountFlags {
  readonly device: string;
  readonly end?: string;
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** An account for somebody; with the operator's token whatever the registration policy says. */
export async function createAccount(env: Environment, flags: AccountFlags): Promise<void> {
  const { apiUrl: url, operatorToken } = loadConfig(clientVariables, env);
  const [passphrase] = await newPassphrase(flags);
  const { account, recoveryCode } = await Account.signUp(
    { url },
    { ...person(flags), passphrase, ...(operatorToken === undefined ? {} : { operatorToken }) },
  );
  tell(flags, account, recoveryCode);
}

/** Signs in as the website does and prints what the app reads from INSOMNIA_SESSION. */
export async function createSession(env: Environment, flags: SessionFlags): Promise<void> {
  const { apiUrl: url } = loadConfig(clientVariables, env);
  const [passphrase] = await secretLines(flags, ['passphrase']);
  const account = await Account.signIn({ url }, flags.email, passphrase!);
  try {
    const { device, end } = flags;
    const session = await account.startAppSession({ device, ...(end === undefined ? {} : { end }) });
    print(JSON.stringify(session));
  } catch (error) {
    throw withDevices(error);
  } finally {
    await account.signOut();
  }
}

/** The first operator: a new account, or one that exists, with the code that the first start has left. */
export async function createOperator(env: Environment, flags: AccountFlags): Promise<void> {
  const config = loadConfig(clientVariables, env);
  const [passphrase, typed] = await newPassphrase(
    flags,
    config.setupCode === undefined ? ['setup code'] : [],
  );
  const setupCode = config.setupCode ?? typed!;
  const at = { url: config.apiUrl };
  try {
    const made = await Account.signUp(at, { ...person(flags), passphrase, setupCode });
    tell(flags, made.account, made.recoveryCode);
  } catch (error) {
    if (!(error instanceof DeviceError) || error.code !== 'CONFLICT') throw error;
    const account = await Account.signIn(at, flags.email, passphrase);
    await account.becomeOperator(setupCode).finally(() => account.signOut());
    tell(flags, account);
  }
}

async function newPassphrase(
  flags: AccountFlags,
  more: string[] = [],
): Promise<[string, string | undefined]> {
  const [passphrase, other] = await secretLines(flags, ['passphrase', ...more]);
  if (!isLongEnough(passphrase!))
    throw new UsageError(`The passphrase must have at least ${shortestPassphrase} characters.`);
  return [passphrase!, other];
}

/** Everything after the first word is the last name. */
function person({ email, name = '' }: AccountFlags) {
  const [firstName = '', ...rest] = name.trim().split(/\s+/);
  return { email, firstName, lastName: rest.join(' ') };
}

function tell({ json }: AccountFlags, { view }: Account, recoveryCode?: string): void {
  const { id, email, personalOrg, operator } = view;
  if (json)
    return print(JSON.stringify({ account: id, email, organization: personalOrg, operator, recoveryCode }));
  print(`${operator ? 'Operator' : 'Account'} ${id} for ${email}`);
  if (recoveryCode === undefined) return;
  print(`Recovery code: ${recoveryCode}`);
  print('It is shown this once. It restores the account, with its data, when the passphrase is lost.');
}

function withDevices(error: unknown): Error {
  const refused = asDeviceError(error);
  if (refused.code !== 'DEVICE_LIMIT') return refused;
  const sessions = refused.details as { id: string; device: string; lastSeenAt: string }[];
  const listed = sessions.map(({ id, device, lastSeenAt }) => `${id} (${device}, last seen ${lastSeenAt})`);
  return new Error(`${refused.text} End one with --end: ${listed.join(', ')}`);
}
