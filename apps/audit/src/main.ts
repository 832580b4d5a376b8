import 'reflect-metadata';
import { openAudit } from '@tidemark/audit';
import { eventTopics } from '@tidemark/contracts';
import { loadConfig, openingOptions, processOptions, runMain, serviceVariables } from '@tidemark/runtime';
import { serveService, ServiceKafka } from '@tidemark/transport';

await runMain(async () => {
  const config = loadConfig(serviceVariables);
  const options = processOptions('audit', config);
  const kafka = new ServiceKafka({ ...options, config });
  // A group for each topic: in one group kafkajs would hand out partitions to members that have not subscribed to them.
  const heard = (topic: string) => kafka.source(topic, `audit-${topic}`);
  const audit = await openAudit({
    ...openingOptions(config, options),
    sources: () => ({
      [eventTopics.orgs]: heard(eventTopics.orgs),
      [eventTopics.branches]: heard(eventTopics.branches),
    }),
  });
  return serveService(audit, { ...options, actorKey: Buffer.from(config.actorKey) });
});
