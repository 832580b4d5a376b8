import { createHash } from 'node:crypto';
import { quoted } from '../errors/quote.js';
import { StartError } from '../start-error.js';

/**
 * One step of a schema. Once released it never changes: start-up compares its checksum with the one recorded.
 * `{{app}}`, `{{relay}}` and `{{schema}}` stand for the names of this installation. Unqualified names mean the
 * service's own schema.
 */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** The tables of one service: a schema of its own name and the steps that lead to it. */
export interface ServiceSchema {
  readonly name: string;
  readonly migrations: readonly Migration[];
}

export interface SchemaNames {
  readonly schema: string;
  readonly app: string;
  readonly relay: string;
}

/** Of the text as written, before names are filled in: roles may be called differently elsewhere. */
export const checksumOf = (migration: Migration): string =>
  createHash('sha256').update(migration.sql).digest('hex').slice(0, 32);

export const filledIn = (sql: string, names: SchemaNames): string =>
  sql
    .replaceAll('{{app}}', names.app)
    .replaceAll('{{relay}}', names.relay)
    .replaceAll('{{schema}}', names.schema);

const NAME = /^[a-z_][a-z0-9_]{0,62}$/;

/** Names go into SQL unquoted, so only those are let through that mean the same quoted or not. */
export function plainName(name: string, what: string): string {
  if (NAME.test(name)) return name;
  const rule = 'must be lower-case letters, digits and _';
  throw new StartError('configuration', `The ${what} ${rule}, not ${quoted(name)}.`);
}
