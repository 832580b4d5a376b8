import 'reflect-metadata';
import { GatewayModule } from '@tidemark/gateway';
import { gatewayVariables, loadConfig, processOptions, runMain, startService } from '@tidemark/runtime';
import { ActorSigner, HttpRequests } from '@tidemark/transport';

await runMain(() => {
  const config = loadConfig(gatewayVariables);
  const requests = new HttpRequests({
    targets: { orgs: config.orgsUrl, audit: config.auditUrl },
    signer: new ActorSigner(Buffer.from(config.actorKey)),
  });
  const gateway = GatewayModule.with({ requests, operatorToken: config.operatorToken });
  return startService(gateway, processOptions('gateway', config));
});
