import { STATUS_CODES } from 'node:http';
import type { Refusal } from './refusal.js';

/** What callers of some paths read besides the three members that every refusal has. */
export function formAt(url: string, refusal: Refusal, requestId: string): object {
  const path = url.split(/[?#]/, 1)[0]!;
  if (/^\/graphql\/?$/.test(path)) return graphqlForm(refusal, requestId);
  return path.startsWith('/v3/') ? problemForm(refusal, path) : {};
}

const graphqlForm = ({ code, status, message }: Refusal, requestId: string) => ({
  data: null,
  errors: [{ message, extensions: { code, status, requestId } }],
});

const problemForm = ({ status, message }: Refusal, path: string) => ({
  status,
  title: STATUS_CODES[status] ?? 'Error',
  detail: message,
  instance: path.slice(0, 200),
});
