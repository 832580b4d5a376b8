import 'reflect-metadata';
import { openBranches } from '@tidemark/branches';
import { eventTopics } from '@tidemark/contracts';
import { branchesVariables, loadConfig, openingOptions, processOptions, runMain } from '@tidemark/runtime';
import { serveService, ServiceKafka } from '@tidemark/transport';

await runMain(async () => {
  const config = loadConfig(branchesVariables);
  const options = processOptions('branches', config);
  const actorKey = Buffer.from(config.actorKey);
  const kafka = new ServiceKafka({ ...options, config });
  const branches = await openBranches({
    ...openingOptions(config, options),
    actorKey,
    sources: () => ({ [eventTopics.orgs]: kafka.source(eventTopics.orgs, 'branches') }),
    publish: (log, state) => kafka.publish(eventTopics.branches, log, state),
  });
  return serveService(branches, { ...options, actorKey, lagSeconds: () => kafka.lagSeconds });
});
