import { isIP } from 'node:net';
import { isEmail, isInt, isURL } from 'class-validator';
import { logLevels, type LogLevel } from '../logging/create-logger.js';

/** One variable of the environment: what it may be, said so that a reader can put it right. */
export interface Variable<T> {
  readonly name: string;
  readonly rule: string;
  readonly example: string;
  /** Undefined when the text does not keep to the rule. */
  readonly parse: (text: string) => T | undefined;
  /** Never printed, not even in part. */
  readonly secret?: boolean;
}

const text = (
  name: string,
  rule: string,
  example: string,
  pattern: RegExp,
  secret = false,
): Variable<string> => ({
  name,
  rule,
  example,
  secret,
  parse: (value) => (pattern.test(value) ? value : undefined),
});

const number = (
  name: string,
  what: string,
  example: string,
  least: number,
  most: number,
): Variable<number> => ({
  name,
  rule: `${what}, a whole number from ${least} to ${most}`,
  example,
  parse(value) {
    const parsed = /^\d{1,9}$/.test(value) ? Number(value) : NaN;
    return isInt(parsed) && parsed >= least && parsed <= most ? parsed : undefined;
  },
});

const url = (
  name: string,
  schemes: readonly string[],
  example: string,
  rest: { user?: boolean } = {},
): Variable<string> => ({
  name,
  rule: `a URL beginning with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}${rest.user ? ', with user and database' : ''}`,
  example,
  parse(value) {
    if (!URL.canParse(value)) return undefined;
    const { protocol, hostname, username, pathname } = new URL(value);
    const complete = !rest.user || (username !== '' && pathname.length > 1);
    return schemes.includes(protocol.slice(0, -1)) && hostname !== '' && complete
      ? value.replace(/\/$/, '')
      : undefined;
  },
});

const http = (name: string, example: string) => url(name, ['http', 'https'], example);
const database = (name: string, user: string) =>
  url(name, ['postgres', 'postgresql'], `postgres://${user}:secret@127.0.0.1:5432/tidemark`, { user: true });

const brokers: Variable<readonly string[]> = {
  name: 'TIDEMARK_KAFKA_BROKERS',
  rule: 'one or more host:port, separated by commas',
  example: '127.0.0.1:9092,127.0.0.1:9093',
  parse(value) {
    const list = value.split(',').map((broker) => broker.trim());
    const fits = (broker: string) =>
      /:\d{1,5}$/.test(broker) && isURL(broker, { require_tld: false, require_port: true });
    return list.every(fits) ? list : undefined;
  },
};

/** Addresses and ranges, as a balancer's documentation names them. */
const proxies: Variable<readonly string[]> = {
  name: 'TIDEMARK_TRUSTED_PROXIES',
  rule: 'addresses or ranges of addresses, separated by commas',
  example: '10.0.0.0/8,::1',
  parse(value) {
    const list = value.split(',').map((entry) => entry.trim());
    return list.every(isAddressOrRange) ? list : undefined;
  },
};

function isAddressOrRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const most = { 4: 32, 6: 128 }[isIP(address)];
  if (most === undefined || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
}

const mailFrom: Variable<string> = {
  name: 'TIDEMARK_MAIL_FROM',
  rule: 'an e-mail address, also with a name before it',
  example: 'Tidemark <tidemark@example.org>',
  parse: (value) => (isEmail(value, { allow_display_name: true }) ? value : undefined),
};

export type RegistrationPolicy = 'open' | 'invited' | 'closed' | `domain:${string}`;

const registration: Variable<RegistrationPolicy> = {
  name: 'TIDEMARK_REGISTRATION',
  rule: 'open, invited, closed or domain:name',
  example: 'domain:example.org',
  parse: (value) =>
    /^(open|invited|closed|domain:([\w-]+\.)+[\w-]+)$/.test(value)
      ? (value as RegistrationPolicy)
      : undefined,
};

const logLevel: Variable<LogLevel> = {
  name: 'TIDEMARK_LOG_LEVEL',
  rule: `one of ${logLevels.join(', ')}`,
  example: 'info',
  parse: (value) => logLevels.find((level) => level === value),
};

/** Every variable there is. An app picks its own; a name that is not here is taken for a slip of the pen. */
export const variables = {
  host: text('TIDEMARK_HOST', 'an address of this machine', '127.0.0.1', /^[\w.:-]+$/),
  port: number('TIDEMARK_PORT', 'a port (0 takes a free one)', '7420', 0, 65_535),
  dataDir: text('TIDEMARK_DATA_DIR', 'a folder', '/var/lib/tidemark', /^[^\0]+$/),
  apiUrl: http('TIDEMARK_API_URL', 'http://127.0.0.1:7420'),
  websiteUrl: http('TIDEMARK_WEBSITE_URL', 'http://127.0.0.1:7420'),
  databaseUrl: database('TIDEMARK_DATABASE_URL', 'owner'),
  appDatabaseUrl: database('TIDEMARK_APP_DATABASE_URL', 'tidemark_orgs_app'),
  relayDatabaseUrl: database('TIDEMARK_RELAY_DATABASE_URL', 'tidemark_orgs_relay'),
  kafkaBrokers: brokers,
  redisUrl: url('TIDEMARK_REDIS_URL', ['redis', 'rediss'], 'redis://127.0.0.1:6379'),
  blobsUrl: text(
    'TIDEMARK_BLOBS_URL',
    'file:///folder or gs://bucket',
    'file:///var/lib/tidemark/blobs',
    /^(file:\/\/\/|gs:\/\/)[^\0]+$/,
  ),
  keysUrl: text(
    'TIDEMARK_KEYS_URL',
    'file:///path',
    'file:///var/lib/tidemark/keys.json',
    /^file:\/\/\/[^\0]+$/,
  ),
  smtpUrl: url('TIDEMARK_SMTP_URL', ['smtp', 'smtps'], 'smtp://user:secret@127.0.0.1:25'),
  mailFrom,
  mailDir: text('TIDEMARK_MAIL_DIR', 'a folder', '/var/lib/tidemark/mail', /^[^\0]+$/),
  tlsCert: text('TIDEMARK_TLS_CERT', 'a file in PEM', '/etc/tidemark/tls.crt', /^[^\0]+$/),
  tlsKey: text('TIDEMARK_TLS_KEY', 'a file in PEM', '/etc/tidemark/tls.key', /^[^\0]+$/),
  trustedProxies: proxies,
  registration,
  setupCode: text(
    'TIDEMARK_SETUP_CODE',
    '16 to 100 characters without spaces',
    'the output of: openssl rand -hex 16',
    /^\S{16,100}$/,
    true,
  ),
  deviceLimit: number('TIDEMARK_DEVICE_LIMIT', 'devices of one account at once', '3', 1, 50),
  sessionIdleDays: number(
    'TIDEMARK_SESSION_IDLE_DAYS',
    'days after which a session that was not used ends',
    '14',
    1,
    365,
  ),
  sessionDays: number('TIDEMARK_SESSION_DAYS', 'days after which every session ends', '56', 1, 365),
  failpoint: text(
    'TIDEMARK_FAILPOINT',
    'the name of a crash point, with :n for its n-th passing',
    'append.after-commit-before-reply:3',
    /^[\w.-]+(:\d+)?$/,
  ),
  actorKey: text(
    'TIDEMARK_ACTOR_KEY',
    '32 to 200 characters, the same for all services',
    'the output of: openssl rand -hex 32',
    /^\S{32,200}$/,
    true,
  ),
  operatorToken: text(
    'TIDEMARK_OPERATOR_TOKEN',
    'tm_ and 43 characters of base64url',
    'tm_ and the output of: openssl rand -base64 32 | tr +/ -_ | tr -d =',
    /^tm_[\w-]{43}$/,
    true,
  ),
  orgsUrl: http('TIDEMARK_ORGS_URL', 'http://127.0.0.1:7421'),
  branchesUrl: http('TIDEMARK_BRANCHES_URL', 'http://127.0.0.1:7422'),
  snapshotsUrl: http('TIDEMARK_SNAPSHOTS_URL', 'http://127.0.0.1:7423'),
  auditUrl: http('TIDEMARK_AUDIT_URL', 'http://127.0.0.1:7424'),
  logLevel,
  databaseConnections: number(
    'TIDEMARK_DATABASE_CONNECTIONS',
    'connections of this process to Postgres',
    '10',
    1,
    1_000,
  ),
  stallSeconds: number(
    'TIDEMARK_STALL_SECONDS',
    'seconds without progress after which a consumer gives up',
    '60',
    1,
    3_600,
  ),
  kafkaSessionMs: number('TIDEMARK_KAFKA_SESSION_MS', 'milliseconds', '45000', 6_000, 300_000),
  kafkaPartitions: number('TIDEMARK_KAFKA_PARTITIONS', 'partitions of a topic that is made', '12', 1, 1_000),
  kafkaReplication: number('TIDEMARK_KAFKA_REPLICATION', 'copies of a topic that is made', '3', 1, 10),
  parkRetrySeconds: number(
    'TIDEMARK_PARK_RETRY_SECONDS',
    'seconds within which a message is tried before it is parked',
    '30',
    0,
    3_600,
  ),
  shutdownWaitSeconds: number(
    'TIDEMARK_SHUTDOWN_WAIT_SECONDS',
    'seconds between unready and refusing',
    '0',
    0,
    60,
  ),
} as const satisfies Record<string, Variable<unknown>>;

export const knownNames: readonly string[] = Object.values(variables).map(({ name }) => name);
