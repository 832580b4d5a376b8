import { createHash, randomUUID } from 'node:crypto';

export type OrgId = `org_${string}`;
export type AccountId = `acct_${string}`;

/** The account that acts for whoever holds the installation's operator token. */
export const OPERATOR_ACCOUNT: AccountId = 'acct_operator';

/** Stands in an actor context where nobody has signed in yet. */
export const NOBODY: AccountId = 'acct_nobody';

const hex = () => randomUUID().replaceAll('-', '');

export const newOrgId = (): OrgId => `org_${hex()}`;
export const newAccountId = (): AccountId => `acct_${hex()}`;

export const newProjectId = (): string => `proj_${hex()}`;
export const newIncarnationId = (): string => `inc_${hex()}`;
export const newSessionId = (): string => `ses_${hex()}`;

/** Every account has one organization of its own; its id follows from the account's. */
export const personalOrgOf = (account: string): OrgId => derivedOrgId('personal organization', account);

/** Every organization has a project in which people land; the desktop app sorts ids of this form first. */
export const defaultProjectOf = (org: string): string => `proj_${org}`;

export const isOrgId = (id: unknown): id is OrgId => typeof id === 'string' && /^org_[0-9a-f]{32}$/.test(id);
export const isAccountId = (id: unknown): id is AccountId =>
  typeof id === 'string' && (id === OPERATOR_ACCOUNT || id === NOBODY || /^acct_[0-9a-f]{32}$/.test(id));
export const isUuid = (id: unknown): id is string =>
  typeof id === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);

/**
 * An id that follows from what names a thing: asked again with the same parts it is the same id (UUID version 8,
 * SHA-256). A repeated request finds its first outcome by it.
 */
export function derivedUuid(...parts: readonly string[]): string {
  const bytes = createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export const derivedOrgId = (...parts: readonly string[]): OrgId =>
  `org_${derivedUuid(...parts).replaceAll('-', '')}`;

export const newCommandId = (): string => randomUUID();

/** Tells two different commands apart that carry one command id. */
export const fingerprintOf = (command: unknown): string =>
  createHash('sha256').update(JSON.stringify(command)).digest('hex').slice(0, 32);
