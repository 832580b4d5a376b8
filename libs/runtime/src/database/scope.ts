import type { Scope } from './database.js';

/** The result of one statement among several that were sent together. */
interface Rows {
  readonly rows: readonly unknown[];
}

const SAFE_ID = /^[A-Za-z0-9_-]{1,100}$/;
const LOOK = `select current_setting('app.tenant_id', true) as tenant, current_setting('app.account_id', true) as account`;

/**
 * Several statements in one text cannot carry parameters: the ids are literals, so only plain ones are let through.
 * Without a scope row_security stays off, as it is by default, and every table of a tenant or account raises.
 */
export function beginStatement(scope: Scope): string {
  const settings = [literal('app.tenant_id', scope.tenant), literal('app.account_id', scope.account)];
  const speaks = settings.some(Boolean) ? 'set local row_security = on' : '';
  return ['begin', LOOK, speaks, ...settings].filter(Boolean).join('; ');
}

function literal(setting: string, id: string | undefined): string {
  if (id === undefined) return '';
  if (!SAFE_ID.test(id)) throw new Error(`${setting} must be an id of 1 to 100 letters, digits, _ or -.`);
  return `set local ${setting} = '${id}'`;
}

/** What an earlier borrower left behind; '' when nothing. A setting that was once local reads as ''. */
export function leftovers(results: readonly Rows[]): string {
  const seen = results[1]?.rows[0] as { tenant: string | null; account: string | null } | undefined;
  if (!seen) return 'unreadable';
  const names = [seen.tenant ? 'app.tenant_id' : '', seen.account ? 'app.account_id' : ''];
  return names.filter(Boolean).join(', ');
}
