import { randomBytes } from 'node:crypto';
import type { OrgsOptions } from '@tidemark/orgs';
import { staysHere, type ConfigOf, type Logger, type orgsVariables } from '@tidemark/runtime';

type AccountOptions = Pick<
  OrgsOptions,
  'registration' | 'setupCode' | 'deviceLimit' | 'sessionIdleDays' | 'sessionDays' | 'mail' | 'websiteUrl'
>;

/** Who may come in and how people are written to. Beyond this machine the careful choices are the default. */
export function accountOptions(config: ConfigOf<typeof orgsVariables>, logger: Logger): AccountOptions {
  const { host, websiteUrl, registration, setupCode, smtpUrl, mailFrom, mailDir } = config;
  const local = staysHere(host, websiteUrl);
  return {
    registration: registration ?? (local ? 'open' : 'closed'),
    setupCode: setupCode ?? (local ? undefined : unknownCode(logger)),
    deviceLimit: config.deviceLimit,
    sessionIdleDays: config.sessionIdleDays,
    sessionDays: config.sessionDays,
    mail: { smtpUrl, from: mailFrom, dir: mailDir },
    websiteUrl: () => websiteUrl,
  };
}

/** Without a code nobody becomes operator by being the first to sign up from somewhere. */
function unknownCode(logger: Logger): string {
  logger.warn({}, 'nobody can become operator: set TIDEMARK_SETUP_CODE');
  return randomBytes(32).toString('hex');
}
