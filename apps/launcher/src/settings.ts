import { join } from 'node:path';
import { staysHere, type ConfigOf, type launcherVariables } from '@tidemark/runtime';
import type { Settings } from './service-environment.js';

export type Config = ConfigOf<typeof launcherVariables>;

/** What every process understands. */
export const passedOn = (config: Config): Settings => ({
  TIDEMARK_LOG_LEVEL: config.logLevel,
  TIDEMARK_STALL_SECONDS: String(config.stallSeconds),
  TIDEMARK_PARK_RETRY_SECONDS: String(config.parkRetrySeconds),
  TIDEMARK_KAFKA_SESSION_MS: String(config.kafkaSessionMs),
  TIDEMARK_SHUTDOWN_WAIT_SECONDS: String(config.shutdownWaitSeconds),
});

export interface Addresses {
  readonly api: string;
  readonly website: string;
}

/** As people see them: what was given, else where the first gateway is going to listen. */
export function addressesFor({ apiUrl, websiteUrl }: Config, gatewayPort: number): Addresses {
  const api = apiUrl ?? `http://127.0.0.1:${gatewayPort}`;
  return { api, website: websiteUrl ?? api };
}

const HOST = '127.0.0.1';

/** Whether nobody but this machine can reach it; then the first account needs no code, and everybody may have one. */
export const isPrivate = ({ apiUrl, websiteUrl }: Config): boolean => staysHere(HOST, apiUrl, websiteUrl);

export const accountSettings = (config: Config, dataDir: string, { website }: Addresses): Settings =>
  given({
    TIDEMARK_WEBSITE_URL: website,
    TIDEMARK_REGISTRATION: config.registration ?? (isPrivate(config) ? 'open' : 'closed'),
    TIDEMARK_DEVICE_LIMIT: String(config.deviceLimit),
    TIDEMARK_SESSION_IDLE_DAYS: String(config.sessionIdleDays),
    TIDEMARK_SESSION_DAYS: String(config.sessionDays),
    TIDEMARK_SMTP_URL: config.smtpUrl,
    TIDEMARK_MAIL_DIR: mailDirOf(config, dataDir),
    TIDEMARK_MAIL_FROM: config.mailFrom,
  });

export const doorSettings = (config: Config, dataDir: string, { api, website }: Addresses): Settings =>
  given({
    TIDEMARK_API_URL: api,
    TIDEMARK_WEBSITE_URL: website,
    TIDEMARK_TRUSTED_PROXIES: config.trustedProxies?.join(','),
    // To show them, where they are not sent.
    TIDEMARK_MAIL_DIR: config.smtpUrl === undefined ? mailDirOf(config, dataDir) : undefined,
  });

const mailDirOf = ({ mailDir }: Config, dataDir: string): string => mailDir ?? join(dataDir, 'mail');

function given(settings: Readonly<Record<string, string | undefined>>): Settings {
  return Object.fromEntries(
    Object.entries(settings).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
