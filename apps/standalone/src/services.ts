import type { DynamicModule } from '@nestjs/common';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import { auditSchema, openAudit } from '@tidemark/audit';
import { openBlobStore } from '@tidemark/blob-store';
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
import { openSnapshots, snapshotsSchema } from '@tidemark/snapshots';
import { LogSource, type Checkpoints, type Requests } from '@tidemark/transport';
import type { Addresses } from './addresses.js';
import type { Config, Kept } from './kept.js';

export interface Parts {
  readonly config: Config;
  readonly kept: Kept;
  readonly addresses: Addresses;
  /** Of the database's owner. */
  readonly ownerUrl: string;
  readonly options: ReturnType<typeof processOptions>;
  readonly requests: Requests;
}

export interface Services {
  readonly modules: readonly DynamicModule[];
  /** Each hears events of others. */
  readonly strategies: readonly CustomTransportStrategy[];
  readonly parked: Readonly<Record<string, () => Promise<number>>>;
}

/** Brings the tables of all services up to date and opens them; each hears the others' logs directly. */
export async function openServices({
  config,
  kept,
  addresses,
  ownerUrl,
  options,
  requests,
}: Parts): Promise<Services> {
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
    keys: kept.keys,
    registration: kept.registration,
    ...(kept.setupCode !== undefined && { setupCode: kept.setupCode }),
    deviceLimit: config.deviceLimit,
    sessionIdleDays: config.sessionIdleDays,
    sessionDays: config.sessionDays,
    websiteUrl: () => addresses.website,
    mail: mailOf(config, kept),
  });
  const fromOrgs = heard('orgs', orgs.log);
  const branches = await openBranches({
    ...(await migrated(branchesSchema)),
    actorKey: kept.actorKey,
    sources: fromOrgs,
  });
  const fromBranches = heard('branches', branches.log);
  const snapshots = await openSnapshots({
    ...(await migrated(snapshotsSchema)),
    actorKey: kept.actorKey,
    keys: kept.keys,
    blobs: await openBlobStore(kept.blobsUrl),
    requests,
    sources: fromBranches,
  });
  const audit = await openAudit({
    ...(await migrated(auditSchema)),
    sources: (checkpoints) => ({ ...fromOrgs(checkpoints), ...fromBranches(checkpoints) }),
  });
  const all = { orgs, branches, snapshots, audit };
  return {
    modules: Object.values(all).map(({ module }) => module),
    strategies: [branches.events, snapshots.events, audit.events],
    parked: Object.fromEntries(
      Object.entries(all).map(([name, { parkedMessages }]) => [name, parkedMessages]),
    ),
  };
}

function mailOf({ smtpUrl, mailFrom }: Config, { mailDir }: Kept) {
  return {
    ...(smtpUrl !== undefined && { smtpUrl }),
    ...(mailFrom !== undefined && { from: mailFrom }),
    dir: mailDir,
  };
}
