import { guards } from './table-classes.js';

export interface PolicyFacts {
  /** '*' for all commands. */
  readonly command: string;
  readonly using: string | null;
  readonly check: string | null;
}

/** What the catalogue says about one table. `policies` are the permissive ones that hold for the application's role. */
export interface TableFacts {
  readonly name: string;
  readonly comment: string;
  readonly forced: boolean;
  readonly keyStart: string | null;
  readonly policies: readonly PolicyFacts[];
  readonly appMay: boolean;
  readonly appMayTooMuch: boolean;
  readonly relayMayTooMuch: boolean;
}

const CLASS = /^class: (tenant|account|installation)(, relay only)?$/;

/** What is wrong with a table, beginning with its name; undefined when nothing is. */
export function judgeTable(table: TableFacts): string | undefined {
  const [, tableClass, relayOnly] = CLASS.exec(table.comment) ?? [];
  const wrong = (what: string) => `Table ${table.name} ${what}.`;
  if (!tableClass)
    return wrong(`has no class: comment on table ${table.name} is 'class: tenant', account or installation`);
  if (table.appMayTooMuch) return wrong('lets the application truncate it, reference it or add triggers');
  if (tableClass === 'installation')
    return relayOnly && table.appMay ? wrong('is for the relay only but open to the application') : undefined;
  if (table.relayMayTooMuch) return wrong('lets the relay write rows');
  if (!table.forced) return wrong('does not force row level security');
  return judgePolicies(table, guards[tableClass as keyof typeof guards], wrong);
}

/** Permissive policies are joined by OR, so one more opens the table whatever the first one says. */
function judgePolicies(
  { policies, keyStart }: TableFacts,
  { setting, guard }: (typeof guards)[keyof typeof guards],
  wrong: (what: string) => string,
): string | undefined {
  const [policy, ...more] = policies;
  if (!policy) return wrong(`has no policy that calls ${guard}()`);
  if (more.length > 0) return wrong('has more than one policy for the application');
  const using = new RegExp(String.raw`^\((\w+) = ${guard}\(\)\)$`).exec(policy.using ?? '');
  if (!using || policy.command !== '*')
    return wrong(`has a policy that does not raise: its USING must compare a column with ${guard}()`);
  const check = `(${using[1]} = current_setting('${setting}'::text))`;
  if (policy.check !== check) return wrong(`has a policy whose WITH CHECK is not ${check}`);
  return using[1] === keyStart
    ? undefined
    : wrong(`has a policy on ${using[1]}, but its primary key does not begin with it`);
}
