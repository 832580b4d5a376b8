import type { RoleUrls } from '@tidemark/runtime';
import type { ServiceName } from './arguments.js';

export type Settings = Readonly<Record<string, string>>;

/** What all processes are told, and where each can be asked once it runs. */
export interface Surroundings {
  readonly kafka: string;
  readonly redis: string;
  readonly blobs: string;
  readonly roles: Readonly<Partial<Record<ServiceName, RoleUrls>>>;
  readonly addresses: Readonly<Partial<Record<ServiceName, string>>>;
  readonly actorKey: string;
  readonly operatorToken: string;
  /** The file of the key ring. */
  readonly keys: string;
  /** Settings that the user gave and every process understands. */
  readonly passedOn: Settings;
  /** Of accounts: mail, registration, limits. */
  readonly accounts: Settings;
  /** Of the door: addresses as users see them, and where mails can be looked at. */
  readonly door: Settings;
  readonly crashes: Settings;
}

/** Each process gets what it needs and no more: only the gateway knows the operator's token. */
export function environmentOf(service: ServiceName, around: Surroundings): Record<string, string> {
  return {
    ...around.passedOn,
    TIDEMARK_HOST: '127.0.0.1',
    TIDEMARK_REDIS_URL: around.redis,
    TIDEMARK_ACTOR_KEY: around.actorKey,
    ...databaseOf(service, around),
    ...own[service](around),
  };
}

const own: Readonly<Record<ServiceName, (around: Surroundings) => Settings>> = {
  orgs: ({ keys, accounts }) => ({ TIDEMARK_KEYS_URL: keys, ...accounts }),
  branches: ({ crashes }) => crashes,
  snapshots: ({ keys, blobs, addresses, crashes }) => ({
    TIDEMARK_KEYS_URL: keys,
    TIDEMARK_BLOBS_URL: blobs,
    ...urlsOf({ branches: addresses.branches! }),
    ...crashes,
  }),
  audit: () => ({}),
  gateway: ({ addresses: { gateway: _, ...others }, operatorToken, door }) => ({
    ...urlsOf(others),
    TIDEMARK_OPERATOR_TOKEN: operatorToken,
    ...door,
  }),
};

function databaseOf(service: ServiceName, { roles, kafka }: Surroundings): Settings {
  const urls = roles[service];
  if (!urls) return {};
  return {
    TIDEMARK_APP_DATABASE_URL: urls.appUrl,
    TIDEMARK_RELAY_DATABASE_URL: urls.relayUrl,
    TIDEMARK_KAFKA_BROKERS: kafka,
    TIDEMARK_KAFKA_REPLICATION: '1',
  };
}

const urlsOf = (addresses: Readonly<Partial<Record<ServiceName, string>>>): Settings =>
  Object.fromEntries(
    Object.entries(addresses).map(([service, url]) => [`TIDEMARK_${service.toUpperCase()}_URL`, url]),
  );
