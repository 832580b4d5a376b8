import type { LogEvent } from '../../checker/history.mjs';
import { askPostgres } from './postgres-of.js';

// What the tables that follow from events must hold, worked out anew from the log, and what they do hold. Both as
// lines of text in one order, so that a single byte of difference shows.

interface Data {
  name: string;
  by: string;
  kind: string;
  project: string;
}

type State = Readonly<Record<string, unknown>>;

/** What each event makes of the state of its stream. */
const folds: Readonly<Record<string, (state: State, event: LogEvent & { data: Data }) => State>> = {
  OrganizationCreated: (_, { data: { name, by: owner, kind }, at: createdAt }) => ({
    ...{ status: 'active', kind, name, owner, createdAt },
  }),
  OrganizationRenamed: (state, { data: { name } }) => ({ ...state, name }),
  ProjectCreated: (_, { data: { project: id, name }, at: createdAt }) => ({
    ...{ status: 'active', id, name, createdAt },
  }),
};

/** One line per row of the folded states, of the lists that follow from them, and of the audit. */
export function rebuiltTables(events: readonly LogEvent[]): string[] {
  const streams = new Map<string, { org: string; version: number; state: State }>();
  const lines: string[] = [];
  for (const event of [...events].sort((a, b) => a.version - b.version) as (LogEvent & { data: Data })[]) {
    const { org, stream, version, type, at, data } = event;
    const fold = folds[type];
    if (!fold) throw new Error(`what does ${type} mean to the tables?`);
    streams.set(stream, { org, version, state: fold(streams.get(stream)?.state ?? {}, event) });
    if (type === 'OrganizationCreated') lines.push(line('member', org, data.by));
    if (type === 'ProjectCreated') lines.push(line('project', org, data.project, data.name, data.by, at));
    lines.push(entryOf(event));
  }
  for (const [stream, { org, version, state }] of streams) {
    lines.push(line('state', org, stream, version, sorted(state)));
    if ('owner' in state) lines.push(line('list', state['owner'], org, state['name'], state['createdAt']));
  }
  return lines.sort();
}

function entryOf({ org, id, at, meta, type, stream, data }: LogEvent): string {
  const { account, requestId } = meta as { account: string; requestId: string };
  const action = type.replace(/(?!^)([A-Z])/g, '.$1').toLowerCase();
  const { project } = data as Partial<Data>;
  const details = project === undefined ? null : { project };
  return line('entry', org, id, at, account, action, stream, 'done', requestId, details);
}

const sorted = (state: State) =>
  Object.fromEntries(Object.entries(state).sort(([a], [b]) => (a < b ? -1 : 1)));

const line = (...fields: unknown[]): string => JSON.stringify(fields);

const at = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const LIVE = `
  select json_build_array('state', org, stream, version, state) as line from orgs.streams
  union all select json_build_array('list', account, org, name, ${at('created_at')}) from orgs.organization_list
  union all select json_build_array('member', org, account) from orgs.members
  union all select json_build_array('project', org, project, name, made_by, ${at('created_at')}) from orgs.projects
  union all
  select json_build_array('entry', org, event_id, ${at('at')}, actor, action, object, outcome, request_id, details)
  from audit.entries`;

export async function liveTables(cluster: string): Promise<string[]> {
  const rows = await askPostgres<{ line: unknown[] }>(cluster, LIVE);
  return rows.map(({ line: [kind, ...fields] }) => line(kind, ...fields.map(inOrder))).sort();
}

/** The database keeps the members of an object in an order of its own. */
const inOrder = (field: unknown): unknown =>
  typeof field === 'object' && field !== null ? sorted(field as State) : field;
