import 'reflect-metadata';
import { BranchesModule } from '@tidemark/branches';
import {
  createLogger,
  loadConfig,
  openHints,
  plainServiceVariables,
  runMain,
  startService,
} from '@tidemark/runtime';

await runMain(async () => {
  const config = loadConfig(plainServiceVariables);
  const logger = createLogger({ level: config.logLevel, name: 'branches' });
  return startService(BranchesModule, {
    name: 'branches',
    host: config.host,
    port: config.port,
    shutdownWaitMs: config.shutdownWaitSeconds * 1000,
    hints: openHints(config.redisUrl, logger),
    logger,
  });
});
