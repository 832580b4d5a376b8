import pg from 'pg';
import { codeOf, textOf } from '../errors.js';
import { answerVerdict } from './verdict.js';

/** Whether the database answers; makes it if the server is there and the database is not. */
export async function postgresAnswers(cluster: string, url: string): Promise<boolean> {
  try {
    await ask(url, 'select 1');
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === '3D000') return createDatabase(cluster, url);
    const hopeless = answerVerdict(cluster, code, textOf(error));
    if (hopeless) throw hopeless;
    return false;
  }
}

async function createDatabase(cluster: string, url: string): Promise<boolean> {
  const server = new URL(url);
  const database = server.pathname.slice(1);
  server.pathname = '/postgres';
  try {
    await ask(server.href, `create database ${pg.escapeIdentifier(database)}`);
  } catch (error) {
    if (codeOf(error) !== '42P04') throw answerVerdict(cluster, codeOf(error), textOf(error)) ?? error;
  }
  return false;
}

async function ask(url: string, query: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {}); // a server that ends while we ask is seen by its exit
  try {
    await client.connect();
    await client.query(query);
  } finally {
    await client.end().catch(() => {});
  }
}
