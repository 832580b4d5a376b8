import { BackingError, type BackingErrorKind } from '../errors.js';

const common: readonly [RegExp, BackingErrorKind][] = [
  [/No space left on device|Disk quota exceeded/i, 'disk-full'],
  [/Address already in use/i, 'port-taken'],
];

/** Why a service ended, in the line of its log that says it best. */
export function verdictOf(
  name: string,
  log: string,
  special: readonly [RegExp, BackingErrorKind][] = [],
): BackingError {
  const lines = log.split('\n').filter((line) => line.trim() !== '');
  for (const [pattern, kind] of [...special, ...common]) {
    const line = lines.find((said) => pattern.test(said));
    if (line) return new BackingError(kind, `${name} ended: ${line}`);
  }
  const line = lines.findLast((said) => /error|fatal|exception|not found/i.test(said)) ?? lines.at(-1);
  return new BackingError('failed', `${name} ended: ${line ?? 'its log says nothing'}`);
}
