import type { RoleUrls } from '@tidemark/runtime';
import type { ServiceName } from './arguments.js';

/** What all processes are told, and where each can be asked once it runs. */
export interface Surroundings {
  readonly kafka: string;
  readonly redis: string;
  readonly roles: Readonly<Partial<Record<ServiceName, RoleUrls>>>;
  readonly addresses: Readonly<Partial<Record<ServiceName, string>>>;
  readonly actorKey: string;
  readonly operatorToken: string;
  /** Settings that the user gave and every process understands. */
  readonly passedOn: Readonly<Record<string, string>>;
}

/** Each process gets what it needs and no more: only the gateway knows the operator's token. */
export function environmentOf(service: ServiceName, around: Surroundings): Record<string, string> {
  return {
    ...around.passedOn,
    TIDEMARK_HOST: '127.0.0.1',
    TIDEMARK_REDIS_URL: around.redis,
    TIDEMARK_ACTOR_KEY: around.actorKey,
    ...databaseOf(service, around),
    ...(service === 'gateway' ? gatewayOnly(around) : {}),
  };
}

function databaseOf(service: ServiceName, { roles, kafka }: Surroundings): Record<string, string> {
  const urls = roles[service];
  if (!urls) return {};
  return {
    TIDEMARK_APP_DATABASE_URL: urls.appUrl,
    TIDEMARK_RELAY_DATABASE_URL: urls.relayUrl,
    TIDEMARK_KAFKA_BROKERS: kafka,
    TIDEMARK_KAFKA_REPLICATION: '1',
  };
}

function gatewayOnly({ addresses, operatorToken }: Surroundings): Record<string, string> {
  const urls = Object.entries(addresses).map(([service, url]) => [
    `TIDEMARK_${service.toUpperCase()}_URL`,
    url,
  ]);
  return { ...(Object.fromEntries(urls) as Record<string, string>), TIDEMARK_OPERATOR_TOKEN: operatorToken };
}
