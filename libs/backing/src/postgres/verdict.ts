import { BackingError, type BackingErrorKind } from '../errors.js';

const kinds: readonly [RegExp, BackingErrorKind][] = [
  [/No space left on device|Disk quota exceeded|wrote only \d+ of \d+ bytes/, 'disk-full'],
  [/could not bind .*Address already in use/, 'port-taken'],
  [/lock file "postmaster\.pid" already exists|pre-existing shared memory block/, 'taken'],
  [/(FATAL|PANIC): .*Permission denied/, 'unreachable'],
  [
    /FATAL: .*(invalid value for|unrecognized configuration|parameter|configuration file|shared memory|semaphore)/,
    'failed',
  ],
  [/out of memory|Cannot allocate memory/, 'failed'],
  [/^but could not open file|PANIC: |FATAL: /, 'damaged'],
];

// What it says to those who ask too early, or at its own ordinary end.
const harmless =
  /the database system is|database ".*" does not exist|administrator command|authentication failed/;

/** Why Postgres ended, or did not begin, in the line of its log that says it best. */
export function postgresVerdict(cluster: string, log: string): BackingError {
  const lines = log.split('\n').filter((line) => line !== '');
  for (const [pattern, kind] of kinds) {
    const line = lines.find((said) => pattern.test(said) && !harmless.test(said));
    if (line) return new BackingError(kind, `${meaning[kind] ?? 'Postgres failed'} (${cluster}): ${line}`);
  }
  return new BackingError('failed', `Postgres ended (${cluster}): ${lines.at(-1) ?? 'its log says nothing'}`);
}

const meaning: Partial<Record<BackingErrorKind, string>> = {
  'disk-full': 'the disk is full',
  'port-taken': 'the port of Postgres is taken',
  taken: 'the data folder is in use',
  unreachable: 'Postgres may not read its data',
  damaged: 'the data is damaged',
};

// SQLSTATE classes of a server that is up but cannot do its work.
const states: readonly [RegExp, BackingErrorKind][] = [
  [/^(53100)$/, 'disk-full'],
  [/^(XX|58|28P01)/, 'damaged'],
];

/** What an answer that is an error means: undefined when asking again may help. */
export function answerVerdict(
  cluster: string,
  code: string | undefined,
  text: string,
): BackingError | undefined {
  const kind = states.find(([pattern]) => pattern.test(code ?? ''))?.[1];
  return kind && new BackingError(kind, `${meaning[kind]} (${cluster}): ${text}`);
}
