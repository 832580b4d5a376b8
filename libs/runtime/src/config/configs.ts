import { optional, required, withDefault } from './load-config.js';

/** What every process has: where it listens, how much it says, how it ends. */
export const processVariables = {
  host: withDefault('host', '127.0.0.1'),
  port: withDefault('port', 7420),
  logLevel: withDefault('logLevel', 'info'),
  shutdownWaitSeconds: withDefault('shutdownWaitSeconds', 0),
} as const;

/** How patient those are who hear events. */
export const hearingVariables = {
  stallSeconds: withDefault('stallSeconds', 60),
  parkRetrySeconds: withDefault('parkRetrySeconds', 30),
} as const;

export const kafkaVariables = {
  kafkaBrokers: required('kafkaBrokers'),
  kafkaSessionMs: withDefault('kafkaSessionMs', 45_000),
  kafkaPartitions: withDefault('kafkaPartitions', 12),
  kafkaReplication: withDefault('kafkaReplication', 3),
} as const;

/** Who may have an account, and how people are written to. */
export const accountVariables = {
  smtpUrl: optional('smtpUrl'),
  mailFrom: optional('mailFrom'),
  mailDir: optional('mailDir'),
  registration: optional('registration'),
  setupCode: optional('setupCode'),
  deviceLimit: withDefault('deviceLimit', 3),
  sessionIdleDays: withDefault('sessionIdleDays', 14),
  sessionDays: withDefault('sessionDays', 56),
} as const;

/** What speaks to browsers and apps. */
export const doorVariables = {
  apiUrl: optional('apiUrl'),
  websiteUrl: optional('websiteUrl'),
  tlsCert: optional('tlsCert'),
  tlsKey: optional('tlsKey'),
  trustedProxies: optional('trustedProxies'),
} as const;

/** Every process on its own. */
export const plainServiceVariables = {
  ...processVariables,
  actorKey: required('actorKey'),
  redisUrl: optional('redisUrl'),
} as const;

/** A service on its own with a database and events. */
export const serviceVariables = {
  ...plainServiceVariables,
  ...hearingVariables,
  ...kafkaVariables,
  appDatabaseUrl: required('appDatabaseUrl'),
  relayDatabaseUrl: required('relayDatabaseUrl'),
  databaseConnections: withDefault('databaseConnections', 10),
} as const;

export const orgsVariables = {
  ...serviceVariables,
  ...accountVariables,
  keysUrl: required('keysUrl'),
  websiteUrl: required('websiteUrl'),
} as const;

export const branchesVariables = {
  ...serviceVariables,
  failpoint: optional('failpoint'),
} as const;

export const snapshotsVariables = {
  ...serviceVariables,
  keysUrl: required('keysUrl'),
  blobsUrl: required('blobsUrl'),
  branchesUrl: required('branchesUrl'),
  failpoint: optional('failpoint'),
} as const;

export const gatewayVariables = {
  ...plainServiceVariables,
  ...doorVariables,
  operatorToken: required('operatorToken'),
  orgsUrl: required('orgsUrl'),
  auditUrl: required('auditUrl'),
  branchesUrl: required('branchesUrl'),
  snapshotsUrl: required('snapshotsUrl'),
  /** Given only where mails are files. */
  mailDir: optional('mailDir'),
} as const;

/** Everything in one process: it makes for itself what is not given. */
export const standaloneVariables = {
  ...processVariables,
  // A person watches, who wants to see what to do next and not what went well.
  logLevel: withDefault('logLevel', 'warn'),
  ...hearingVariables,
  dataDir: optional('dataDir'),
  databaseUrl: optional('databaseUrl'),
  databaseConnections: withDefault('databaseConnections', 10),
  operatorToken: optional('operatorToken'),
  actorKey: optional('actorKey'),
  ...doorVariables,
  ...accountVariables,
  keysUrl: optional('keysUrl'),
  blobsUrl: optional('blobsUrl'),
  failpoint: optional('failpoint'),
} as const;

/** All services as processes on one machine. What is not given is started here. */
export const launcherVariables = {
  ...processVariables,
  // A person watches, who wants to see what to do next and not what went well.
  logLevel: withDefault('logLevel', 'warn'),
  ...hearingVariables,
  dataDir: optional('dataDir'),
  databaseUrl: optional('databaseUrl'),
  kafkaBrokers: optional('kafkaBrokers'),
  kafkaSessionMs: withDefault('kafkaSessionMs', 45_000),
  redisUrl: optional('redisUrl'),
  blobsUrl: optional('blobsUrl'),
  operatorToken: optional('operatorToken'),
  actorKey: optional('actorKey'),
  apiUrl: optional('apiUrl'),
  websiteUrl: optional('websiteUrl'),
  trustedProxies: optional('trustedProxies'),
  ...accountVariables,
  keysUrl: optional('keysUrl'),
  failpoint: optional('failpoint'),
} as const;

/** A program on somebody's own machine that speaks to the public doors. */
export const clientVariables = {
  apiUrl: withDefault('apiUrl', 'http://127.0.0.1:7420'),
  setupCode: optional('setupCode'),
  operatorToken: optional('operatorToken'),
} as const;

/** The migration job: the only one besides standalone that sees the owner's URL. */
export const migrateVariables = {
  databaseUrl: required('databaseUrl'),
  appDatabaseUrl: required('appDatabaseUrl'),
  relayDatabaseUrl: required('relayDatabaseUrl'),
  logLevel: withDefault('logLevel', 'info'),
} as const;

/** Makes a projection anew: the owner's eyes and the log. */
export const rebuildVariables = {
  databaseUrl: required('databaseUrl'),
  relayDatabaseUrl: required('relayDatabaseUrl'),
  logLevel: withDefault('logLevel', 'info'),
} as const;

/** Looks after what a service has put aside, as the service itself. */
export const parkedVariables = {
  appDatabaseUrl: required('appDatabaseUrl'),
  logLevel: withDefault('logLevel', 'info'),
} as const;
