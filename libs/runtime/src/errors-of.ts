import { types } from 'node:util';

/** Also for errors that Node itself makes, which in another realm are no `instanceof Error`. */
export const isError = (value: unknown): value is Error =>
  types.isNativeError(value) || value instanceof Error;

/** The code that Node, Postgres and others put on their errors; '' when there is none. */
export const codeOf = (error: unknown): string =>
  isError(error) && 'code' in error && typeof error.code === 'string' ? error.code : '';

export const messageOf = (error: unknown): string => (isError(error) ? error.message : String(error));
