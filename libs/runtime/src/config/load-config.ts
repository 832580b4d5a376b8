import { quoted } from '../errors/quote.js';
import { StartError } from '../start-error.js';
import { nearest } from './nearest.js';
import { knownNames, variables, type Variable } from './variables.js';

/** How one program uses a variable. */
interface Use<T> {
  readonly variable: Variable<unknown>;
  readonly missing: 'refused' | 'absent' | { readonly value: T };
}

type Spec = Readonly<Record<string, Use<unknown>>>;
export type ConfigOf<S extends Spec> = { readonly [Key in keyof S]: S[Key] extends Use<infer T> ? T : never };

type Known = typeof variables;
type ValueOf<Key extends keyof Known> = Known[Key] extends Variable<infer T> ? T : never;

export const required = <Key extends keyof Known>(key: Key): Use<ValueOf<Key>> => ({
  variable: variables[key],
  missing: 'refused',
});

export const optional = <Key extends keyof Known>(key: Key): Use<ValueOf<Key> | undefined> => ({
  variable: variables[key],
  missing: 'absent',
});

export const withDefault = <Key extends keyof Known>(key: Key, value: ValueOf<Key>): Use<ValueOf<Key>> => ({
  variable: variables[key],
  missing: { value },
});

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads and checks everything before anything connects. All that is wrong comes in one message. */
export function loadConfig<S extends Spec>(spec: S, env: Environment = process.env): ConfigOf<S> {
  const problems = strangers(env);
  const entries = Object.entries(spec).map(([key, use]) => [key, valueOf(use, env, problems)]);
  if (problems.length > 0) throw new StartError('configuration', problems.join('; '));
  return Object.fromEntries(entries) as ConfigOf<S>;
}

function valueOf({ variable, missing }: Use<unknown>, env: Environment, problems: string[]): unknown {
  const text = env[variable.name];
  if (text === undefined || text === '') {
    if (missing === 'refused') problems.push(`${variable.name} is missing: ${rule(variable)}`);
    return typeof missing === 'object' ? missing.value : undefined;
  }
  const value = variable.parse(text);
  if (value === undefined)
    problems.push(`${variable.name} ${shown(variable, text)} does not fit: ${rule(variable)}`);
  return value;
}

const rule = ({ rule, example }: Variable<unknown>): string => `it must be ${rule}, for example ${example}`;

/** A value that may hold a password is not repeated, also when it is wrong. */
const shown = ({ secret }: Variable<unknown>, text: string): string =>
  secret || text.includes('@') ? '(not shown)' : quoted(text);

/** Set by container platforms for every service they know, whatever its name. */
const SERVICE_LINK = /_SERVICE_HOST$|_SERVICE_PORT(_\w+)?$|_PORT(_\d+_(TCP|UDP)(_\w+)?)?$/;

/** A misspelt name would silently leave the default in place. */
function strangers(env: Environment): string[] {
  return Object.keys(env)
    .filter(
      (name) =>
        name.startsWith('TIDEMARK_') && !name.startsWith('TIDEMARK_TEST_') && !knownNames.includes(name),
    )
    .filter((name) => !(SERVICE_LINK.test(name) && name !== 'TIDEMARK_PORT'))
    .map((name) => `${quoted(name).slice(1, -1)} is not known; did you mean ${nearest(name, knownNames)}?`);
}

/** What the process runs with, fit to be printed: no secret, no password in a URL. */
export function printable<S extends Spec>(spec: S, config: ConfigOf<S>): Record<string, string> {
  const lines = Object.entries(spec).map(([key, { variable }]) => [
    variable.name,
    shownValue(variable, config[key]),
  ]);
  return Object.fromEntries(lines) as Record<string, string>;
}

function shownValue({ secret }: Variable<unknown>, value: unknown): string {
  if (value === undefined) return '(not set)';
  if (secret) return '(set)';
  const text =
    typeof value === 'object' ? Object.values(value ?? {}).join(',') : `${value as string | number}`;
  if (!URL.canParse(text) || !text.includes('@')) return text;
  const url = new URL(text);
  if (url.password) url.password = '***';
  url.search = url.search ? '?***' : '';
  return url.href;
}
