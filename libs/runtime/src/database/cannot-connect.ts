import { codeOf, isError, messageOf } from '../errors-of.js';
import { StartError } from '../start-error.js';

/** A database that cannot be reached at start, in one line that names the variable and the place but no password. */
export function cannotConnect(thrown: unknown, variable: string, url: string): StartError {
  const error = isError(thrown) && isError(thrown.cause) ? thrown.cause : thrown;
  const { host, pathname } = new URL(url);
  const code = codeOf(error);
  if (code === '53100')
    return new StartError('disk full', `Postgres at ${host} has no room left on its disk.`);
  const why = /^(28|3D000|42501)/.test(code)
    ? `refuses: ${messageOf(error)}`
    : `cannot be reached (${code || messageOf(error)})`;
  const line = `${variable}: Postgres at ${host}${pathname} ${why}.`;
  return new StartError('configuration', line, { cause: thrown });
}
