import 'reflect-metadata';
import { SnapshotsModule } from '@tidemark/snapshots';
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
  const logger = createLogger({ level: config.logLevel, name: 'snapshots' });
  return startService(SnapshotsModule, {
    name: 'snapshots',
    host: config.host,
    port: config.port,
    shutdownWaitMs: config.shutdownWaitSeconds * 1000,
    hints: openHints(config.redisUrl, logger),
    logger,
  });
});
