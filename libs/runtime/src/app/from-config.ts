import type {
  doorVariables,
  hearingVariables,
  processVariables,
  serviceVariables,
} from '../config/configs.js';
import type { ConfigOf } from '../config/load-config.js';
import { readTls } from '../http/tls.js';
import { openHints } from '../hints/open-hints.js';
import { createLogger } from '../logging/create-logger.js';
import type { Logger } from '../logging/logger.js';
import { givingUp } from './give-up.js';
import type { ServiceOptions } from './start-service.js';

type ProcessConfig = ConfigOf<typeof processVariables> &
  Partial<ConfigOf<typeof doorVariables>> & { readonly redisUrl?: string | undefined };

/** What every process needs before its modules are built; goes into `startService` as it is. */
export function processOptions(name: string, config: ProcessConfig) {
  const tls = readTls(config);
  const logger = createLogger({ level: config.logLevel, name });
  return {
    name,
    host: config.host,
    port: config.port,
    shutdownWaitMs: config.shutdownWaitSeconds * 1000,
    hints: openHints(config.redisUrl, logger),
    logger,
    tls,
    trustedProxies: config.trustedProxies,
  } satisfies ServiceOptions;
}

/** How patient a consumer is, and what happens when its patience is over. */
export const hearingOptions = (config: ConfigOf<typeof hearingVariables>, logger: Logger) => ({
  stallLimitMs: config.stallSeconds * 1000,
  retries: { withinMs: config.parkRetrySeconds * 1000 },
  onStalled: givingUp(logger),
});

/** What every service with tables is opened with, in a process of its own. */
export const openingOptions = (
  config: ConfigOf<typeof serviceVariables>,
  { hints, logger }: Pick<ReturnType<typeof processOptions>, 'hints' | 'logger'>,
) => ({
  ...hearingOptions(config, logger),
  appUrl: config.appDatabaseUrl,
  relayUrl: config.relayDatabaseUrl,
  connections: config.databaseConnections,
  hints,
  logger,
});
