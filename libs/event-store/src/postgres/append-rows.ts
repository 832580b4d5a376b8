import type { Appended } from '../event-store.js';
import type { PreparedAppend } from '../prepared-append.js';

/** What `append_batch` says of one append; `n` is its place in the batch. */
export interface OutcomeRow {
  readonly n: number;
  readonly outcome: Appended['outcome'];
  readonly seen_version: number;
  readonly seen_fingerprint: string | null;
}

/** The columns of jsonb_to_recordset in `append_batch`. State and data are JSON already and go in as they are. */
export const batchJson = (appends: readonly PreparedAppend[]): string =>
  `[${appends.map(appendJson).join()}]`;

function appendJson(append: PreparedAppend, n: number): string {
  const { org, stream, expected, command, fingerprint, schema, meta, at, state, events } = append;
  const plain = JSON.stringify({
    n,
    org,
    stream,
    expected,
    command,
    fingerprint,
    schema,
    account: meta.account,
    request: meta.requestId,
    at,
  });
  const list = events.map(
    ({ id, type, typeVersion, data }) =>
      `{"id":"${id}","type":"${type}","version":${typeVersion},"data":${data}}`,
  );
  return `${plain.slice(0, -1)},"state":${state},"events":[${list.join()}]}`;
}

export function appended(row: OutcomeRow): Appended {
  const { outcome, seen_version: version } = row;
  if (outcome === 'conflict') return { outcome, actual: version };
  return outcome === 'repeated'
    ? { outcome, version, fingerprint: row.seen_fingerprint! }
    : { outcome, version };
}
