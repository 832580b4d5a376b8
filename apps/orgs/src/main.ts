import 'reflect-metadata';
import { eventTopics } from '@tidemark/contracts';
import { openOrgs } from '@tidemark/orgs';
import {
  loadConfig,
  openingOptions,
  orgsVariables,
  processOptions,
  readKeyRing,
  runMain,
} from '@tidemark/runtime';
import { serveService, ServiceKafka } from '@tidemark/transport';
import { accountOptions } from './account-options.js';

await runMain(async () => {
  const config = loadConfig(orgsVariables);
  const options = processOptions('orgs', config);
  const kafka = new ServiceKafka({ ...options, config });
  const orgs = await openOrgs({
    ...openingOptions(config, options),
    ...accountOptions(config, options.logger),
    keys: readKeyRing(config.keysUrl),
    publish: (log, state) => kafka.publish(eventTopics.orgs, log, state),
  });
  const actorKey = Buffer.from(config.actorKey);
  return serveService(orgs, { ...options, actorKey, lagSeconds: () => kafka.lagSeconds });
});
