import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';

const asking = new AsyncLocalStorage<string[]>();
const send = Reflect.get(pg.Client.prototype, 'query') as (...args: unknown[]) => unknown;

function noted(this: pg.Client, ...args: unknown[]): unknown {
  const [query] = args as [string | { name?: string; text?: string }];
  const text = typeof query === 'string' ? query : (query.name ?? query.text ?? '');
  asking.getStore()?.push(text.replaceAll(/(org|acct)_[0-9a-f]{32}/g, '$1'));
  return send.apply(this, args);
}

/** What `work` sends to the database and what comes of it; what others send meanwhile is not counted. */
export async function withStatements<T>(
  work: () => Promise<T>,
): Promise<{ statements: string[]; outcome: PromiseSettledResult<T> }> {
  Reflect.set(pg.Client.prototype, 'query', noted);
  const statements: string[] = [];
  const [outcome] = await asking.run(statements, () => Promise.allSettled([work()]));
  return { statements, outcome: outcome };
}
