import { join } from 'node:path';
import { urlOf } from './postgres-of.js';
import { productEnvironment, Program } from './program.js';

const cli = join(import.meta.dirname, '..', '..', '..', 'apps', 'cli', 'dist', 'main.js');

export interface Rebuilt {
  code: number | null;
  events: number;
  rows: number;
  differences: string[];
}

/** `tidemark projection rebuild`, by whoever owns the database. */
export async function rebuildProjection(cluster: string, ...flags: string[]): Promise<Rebuilt> {
  const owner = urlOf(cluster);
  const program = new Program(process.execPath, [cli, 'projection', 'rebuild', '--json', ...flags], {
    ...productEnvironment(),
    TIDEMARK_DATABASE_URL: owner,
    // The password of the relay's role is known to its process alone; the owner may read the log too.
    TIDEMARK_RELAY_DATABASE_URL: `${owner}?options=${encodeURIComponent('-c search_path=orgs')}`,
  });
  const { code } = await program.ended;
  const found = program.stdout.at(-1);
  if (found === undefined) throw new Error(`the rebuild ended with ${code}: ${program.words()}`);
  return { code, ...(JSON.parse(found) as Omit<Rebuilt, 'code'>) };
}
