import type { DynamicModule } from '@nestjs/common';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import { auditSchema, openAudit } from '@tidemark/audit';
import { branchesSchema, openBranches } from '@tidemark/branches';
import { eventTopics, hintTopics } from '@tidemark/contracts';
import type { LogReader } from '@tidemark/event-store';
import { openOrgs, orgsSchema } from '@tidemark/orgs';
import {
  hearingOptions,
  migrate,
  roleUrls,
  type processOptions,
  type ServiceSchema,
} from '@tidemark/runtime';
import { LogSource, type Checkpoints } from '@tidemark/transport';
import type { Config, Kept } from './kept.js';

export interface Parts {
  readonly config: Config;
  readonly kept: Kept;
  /** Of the database's owner. */
  readonly ownerUrl: string;
  readonly options: ReturnType<typeof processOptions>;
}

export interface Services {
  readonly modules: readonly DynamicModule[];
  /** Each hears events of others. */
  readonly strategies: readonly CustomTransportStrategy[];
  readonly parked: Readonly<Record<string, () => Promise<number>>>;
}

/** Brings the tables of all services up to date and opens them; each hears the others' logs directly. */
export async function openServices({ config, kept, ownerUrl, options }: Parts): Promise<Services> {
  const { hints, logger } = options;
  const common = {
    ...hearingOptions(config, logger),
    connections: config.databaseConnections,
    hints,
    logger,
  };
  const migrated = async (service: ServiceSchema) => {
    const urls = roleUrls(ownerUrl, service.name);
    await migrate({ ownerUrl, ...urls, service, logger });
    return { ...common, ...urls };
  };
  const heard = (service: keyof typeof eventTopics, log: LogReader) => (checkpoints: Checkpoints) => {
    const source = eventTopics[service];
    return {
      [source]: new LogSource({ log, hints, hint: hintTopics.log(service), logger, source, checkpoints }),
    };
  };

  const orgs = await openOrgs({
    ...(await migrated(orgsSchema)),
  });
  const fromOrgs = heard('orgs', orgs.log);
  const branches = await openBranches({
    ...(await migrated(branchesSchema)),
    actorKey: kept.actorKey,
    sources: fromOrgs,
  });
  const fromBranches = heard('branches', branches.log);
  const audit = await openAudit({
    ...(await migrated(auditSchema)),
    sources: (checkpoints) => ({ ...fromOrgs(checkpoints), ...fromBranches(checkpoints) }),
  });
  const all = { orgs, branches, audit };
  return {
    modules: Object.values(all).map(({ module }) => module),
    strategies: [branches.events, audit.events],
    parked: Object.fromEntries(
      Object.entries(all).map(([name, { parkedMessages }]) => [name, parkedMessages]),
    ),
  };
}
