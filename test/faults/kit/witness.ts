import type { Entry, Heard, LogEvent, Message, Request } from '../../checker/history.mjs';
import { askPostgres } from './postgres-of.js';
import { storedMessages } from './segments.js';

// What the run left behind, read past the product: rows by SQL of our own, messages from the broker's disk.

type Row = Omit<LogEvent, 'mark' | 'at'> & { at: Date };

const LOG = `
  select e.id, e.org, e.stream, e.version, e.type, e.type_version::int as "typeVersion", e.data, c.at,
    (c.position - c.version + e.version)::int as position,
    jsonb_build_object('account', c.account, 'requestId', c.request_id, 'command', e.command) as meta
  from orgs.events e left join orgs.commits c on c.org = e.org and c.command = e.command
  order by position, e.org, e.stream, e.version`;

/** Every event of the log; the name that it gives an organization is the mark of its change. */
export async function logOf(cluster: string): Promise<LogEvent[]> {
  const rows = await askPostgres<Row>(cluster, LOG);
  return rows.map((row) => ({ ...row, at: row.at.toISOString(), mark: markOf(row) }));
}

const markOf = ({ type, org, data }: Row): string =>
  type === 'ProjectCreated' ? projectOf(org) : String((data as { name: unknown }).name);

const projectOf = (org: string) => `the project of ${org}`;

/** Whoever asked for an organization has asked for its first project too, with the same end. */
export function withProjects(requests: readonly Request[], events: readonly LogEvent[]): Request[] {
  const orgs = new Map(
    events.filter(({ type }) => type === 'OrganizationCreated').map(({ mark, org }) => [mark, org]),
  );
  return requests.flatMap((request) => {
    const org = orgs.get(request.mark);
    return org === undefined ? [request] : [request, { ...request, mark: projectOf(org) }];
  });
}

export const entriesOf = (cluster: string): Promise<Entry[]> =>
  askPostgres(cluster, `select 'audit' as consumer, org, seq::int, event_id as event from audit.entries`);

export const heardOf = (cluster: string): Promise<Heard[]> =>
  askPostgres(cluster, `select 'audit' as consumer, org, stream, version::int from audit.heard`);

/** The number of events, of those in the audit, and of messages that somebody put aside. */
export async function countsOf(
  cluster: string,
): Promise<{ events: number; entries: number; parked: number }> {
  const [row] = await askPostgres<{ events: number; entries: number; parked: number }>(
    cluster,
    `select (select count(*)::int from orgs.events) as events, (select count(*)::int from audit.entries) as entries,
       (select count(*)::int from audit.parked) + (select count(*)::int from audit.unreadable) as parked`,
  );
  return row!;
}

export function topicOf(kafkaData: string): Message[] {
  return storedMessages(kafkaData, 'orgs.events').map(({ partition, offset, headers, value }) => {
    const { data, meta } = JSON.parse(value) as { data: unknown; meta: unknown };
    return {
      ...{ partition, offset, data, meta },
      id: headers['event-id'] ?? '',
      type: headers['type'] ?? '',
      typeVersion: Number(headers['version']),
      org: headers['org'] ?? '',
      stream: headers['stream'] ?? '',
      version: Number(headers['stream-version']),
      position: Number(headers['position']),
      at: headers['at'] ?? '',
    };
  });
}
