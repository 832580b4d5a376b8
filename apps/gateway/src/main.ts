import 'reflect-metadata';
import { join } from 'node:path';
import { GatewayModule } from '@tidemark/gateway';
import {
  gatewayVariables,
  loadConfig,
  processOptions,
  runMain,
  startService,
  staysHere,
  type ConfigOf,
} from '@tidemark/runtime';
import { ActorSigner, HttpRequests } from '@tidemark/transport';

await runMain(async () => {
  const config = loadConfig(gatewayVariables);
  const options = processOptions('gateway', config);
  const requests = new HttpRequests({
    targets: {
      orgs: config.orgsUrl,
      branches: config.branchesUrl,
      snapshots: config.snapshotsUrl,
      audit: config.auditUrl,
    },
    signer: new ActorSigner(Buffer.from(config.actorKey)),
  });
  let listening = '';
  const gateway = GatewayModule.with({
    requests,
    operatorToken: config.operatorToken,
    website: {
      folder: join(import.meta.dirname, '..', '..', 'website', 'dist'),
      websiteUrl: () => config.websiteUrl ?? listening,
      apiUrl: () => config.apiUrl ?? listening,
      ...mailsShown(config),
    },
  });
  const service = await startService(gateway, options);
  listening = service.url;
  return service;
});

/** Only to people of this machine. */
function mailsShown({ host, apiUrl, websiteUrl, mailDir }: ConfigOf<typeof gatewayVariables>) {
  return mailDir !== undefined && staysHere(host, apiUrl, websiteUrl) ? { mailDir } : {};
}
