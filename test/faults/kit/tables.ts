import type { LogEvent } from '../../checker/history.mjs';
import { askPostgres } from './postgres-of.js';

// What the tables that follow from events must hold, worked out anew from the log, and what they do hold. Both as
// lines of text in one order, so that a single byte of difference shows.

interface Data {
  name: string;
  by?: string;
}

/** One line per row of the folded states, of the list of organizations and of the audit. */
export function rebuiltTables(events: readonly LogEvent[]): string[] {
  const states = new Map<string, Record<string, unknown>>();
  const versions = new Map<string, number>();
  for (const { org, version, at, data } of [...events].sort((a, b) => a.version - b.version)) {
    const { name, by } = data as Data;
    states.set(
      org,
      version === 1 ? { status: 'active', name, owner: by, createdAt: at } : { ...states.get(org), name },
    );
    versions.set(org, version);
  }
  const folded = [...states].flatMap(([org, { status, name, owner, createdAt }]) => [
    line('state', org, `organization-${org}`, versions.get(org), status, name, owner, createdAt),
    line('list', owner, org, name, createdAt),
    line('member', org, owner),
  ]);
  return [...folded, ...events.map(entryOf)].sort();
}

function entryOf({ org, id, at, meta, type, stream }: LogEvent): string {
  const { account, requestId } = meta as { account: string; requestId: string };
  const action = type === 'OrganizationCreated' ? 'organization.created' : 'organization.renamed';
  return line('entry', org, id, at, account, action, stream, 'done', requestId);
}

const line = (...fields: unknown[]): string => JSON.stringify(fields);

const AT = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;

const LIVE = `
  select json_build_array('state', org, stream, version, state->>'status', state->>'name', state->>'owner',
    state->>'createdAt') as line from orgs.streams
  union all
  select json_build_array('list', account, org, name, to_char(created_at at time zone 'UTC', ${AT}))
  from orgs.organization_list
  union all select json_build_array('member', org, account) from orgs.members
  union all
  select json_build_array('entry', org, event_id, to_char(at at time zone 'UTC', ${AT}), actor, action, object, outcome,
    request_id) from audit.entries`;

export async function liveTables(cluster: string): Promise<string[]> {
  const rows = await askPostgres<{ line: unknown[] }>(cluster, LIVE);
  return rows.map((row) => JSON.stringify(row.line)).sort();
}
