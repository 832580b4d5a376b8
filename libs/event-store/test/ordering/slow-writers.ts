import { setTimeout as pause } from 'node:timers/promises';
import { DomainError, newCommandId } from '@tidemark/contracts';
import { tenantTable, type Database, type Migration, type Tx } from '@tidemark/runtime';
import { batchJson, type OutcomeRow } from '../../src/postgres/append-rows.js';
import { prepareAppend } from '../../src/prepared-append.js';
import { anAppend, noted } from '../an-append.js';
import type { CommittedEvent } from './history.js';

/** A table that writers touch before and after they append. */
export const scribbles: Migration = {
  name: '002-scribbles',
  sql: `create table scribbles (org text not null, id uuid not null, text text not null, primary key (org, id));
    ${tenantTable('scribbles')}
    grant select, insert on scribbles to {{app}};`,
};

export interface Randomness {
  /** A whole number, 0 ≤ x < below. */
  below(below: number): number;
}

export interface SlowWriters {
  readonly db: Database;
  readonly random: Randomness;
  readonly writers: number;
  /** They stop when so many events are committed. */
  readonly events: number;
  readonly sleepMs: number;
}

class RolledBack extends Error {}

const ORGS = ['org_a', 'org_b', 'org_c', 'org_d'];
const STREAMS = 50;

/**
 * Many at once, each transaction open for a while between its appends and its commit, so that commits come in another
 * order than the writes. Each makes several appends with the statement that the lane sends; one in ten is rolled back.
 */
export async function writeSlowly(
  options: SlowWriters,
): Promise<{ committed: CommittedEvent[]; rolledBack: number }> {
  const committed: CommittedEvent[] = [];
  let rolledBack = 0;
  const writer = async () => {
    while (committed.length < options.events) {
      try {
        committed.push(...(await writeOnce(options)));
      } catch (error) {
        // A machine too busy for the locks saved nothing either.
        const refused = error instanceof DomainError && error.code === 'UNAVAILABLE';
        if (!refused && !(error instanceof RolledBack)) throw error;
        rolledBack++;
      }
    }
  };
  await Promise.all(Array.from({ length: options.writers }, writer));
  return { committed, rolledBack };
}

function writeOnce({ db, random, sleepMs }: SlowWriters): Promise<CommittedEvent[]> {
  const org = ORGS[random.below(ORGS.length)]!;
  const sleep = random.below(sleepMs);
  const rollback = random.below(10) === 0;
  const streams = new Set(Array.from({ length: 1 + random.below(3) }, () => `note-${random.below(STREAMS)}`));
  return db.tx({ tenant: org }, async (tx) => {
    await scribble(tx, org);
    const written: CommittedEvent[] = [];
    for (const stream of [...streams].sort())
      written.push(...(await append(tx, org, stream, 1 + random.below(3))));
    await pause(sleep);
    await scribble(tx, org);
    if (rollback) throw new RolledBack();
    return written;
  });
}

const scribble = (tx: Tx, org: string) =>
  tx.query(`insert into scribbles values ($1, gen_random_uuid(), 'x')`, [org]);

/** Nothing when another writer has made the stream at the same moment. */
async function append(tx: Tx, org: string, stream: string, count: number): Promise<CommittedEvent[]> {
  const [row] = await tx.query<{ version: number }>(
    'select version from streams where org = $1 and stream = $2 for update',
    [org, stream],
  );
  const expected = row?.version ?? 0;
  const events = Array.from({ length: count }, (_, n) => noted(expected + n + 1));
  const prepared = prepareAppend(anAppend({ org, stream, expected, events, command: newCommandId() }));
  const [outcome] = await tx.query<OutcomeRow & object>('select * from append_batch($1)', [
    batchJson([prepared]),
  ]);
  if (outcome!.outcome !== 'appended') return [];
  return prepared.events.map(({ id }, n) => ({ org, stream, version: expected + n + 1, id }));
}
