import { parseArgs } from 'node:util';

export const services = ['orgs', 'branches', 'snapshots', 'audit', 'gateway'] as const;
export type ServiceName = (typeof services)[number];

export type Replicas = Readonly<Record<ServiceName, number>>;

export class UsageError extends Error {}

const MOST = 9;

/** `--replicas gateway=2 orgs=2`, also `--replicas gateway=2 --replicas orgs=2`. One of each that is not named. */
export function replicasFrom(args: readonly string[]): Replicas {
  const { values, positionals } = parsed(args);
  const wanted = [...(values.replicas ?? []), ...positionals];
  const replicas: Record<ServiceName, number> = { orgs: 1, branches: 1, snapshots: 1, audit: 1, gateway: 1 };
  for (const text of wanted) {
    const [, name, count] = /^(\w+)=([1-9])$/.exec(text) ?? [];
    const service = services.find((known) => known === name);
    if (!service)
      throw new UsageError(`${text} is not understood: say for example --replicas gateway=2 (1 to ${MOST}).`);
    replicas[service] = Number(count);
  }
  return replicas;
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { replicas: { type: 'string', multiple: true } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
