import 'reflect-metadata';
import { GatewayModule } from '@tidemark/gateway';
import {
  createLogger,
  gatewayVariables,
  loadConfig,
  openHints,
  runMain,
  startService,
} from '@tidemark/runtime';
import { ActorSigner, HttpRequests } from '@tidemark/transport';

await runMain(async () => {
  const config = loadConfig(gatewayVariables);
  const logger = createLogger({ level: config.logLevel, name: 'gateway' });
  const requests = new HttpRequests({
    targets: { orgs: config.orgsUrl, audit: config.auditUrl },
    signer: new ActorSigner(Buffer.from(config.actorKey)),
  });
  return startService(GatewayModule.with({ requests, operatorToken: config.operatorToken }), {
    name: 'gateway',
    host: config.host,
    port: config.port,
    shutdownWaitMs: config.shutdownWaitSeconds * 1000,
    hints: openHints(config.redisUrl, logger),
    logger,
  });
});
