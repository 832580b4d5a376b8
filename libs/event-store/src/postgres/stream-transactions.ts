import { DomainError, hintTopics, type NewEvent } from '@tidemark/contracts';
import type { Database, Hints, Scope, Tx } from '@tidemark/runtime';
import { DatabaseError } from 'pg';
import type { Decider } from '../decider.js';
import type { Append, EventStore, Loaded } from '../event-store.js';
import { decided, type CommandContext, type Handled } from '../handle-command.js';
import { prepareAppend } from '../prepared-append.js';
import { batchJson, type OutcomeRow } from './append-rows.js';
import { LOAD, loaded, type StreamRow } from './postgres-event-store.js';

/** A transaction in which commands are handled beside other reads and writes. */
export interface StreamTx extends Tx {
  /**
   * Decides now, on the stream as it is locked; what was decided is written at the end of the transaction, all
   * streams in one statement. A stream can be handled once in a transaction.
   */
  handle<Command, State extends object, Event extends NewEvent>(
    decider: Decider<Command, State, Event>,
    context: CommandContext<Command>,
  ): Promise<Handled<State>>;

  /** The same for several streams of one organization and kind. Statements: two, however many streams. */
  handleAll<Command, State extends object, Event extends NewEvent>(
    decider: Decider<Command, State, Event>,
    contexts: readonly CommandContext<Command>[],
  ): Promise<Handled<State>[]>;
}

const TRIES = 10;

/** Somebody else wrote to a stream between decision and append: everything is undone and done again. */
class LostRace extends Error {}

/** For commands that must commit together with rows of the same service: events and rows, or neither. */
export class StreamTransactions {
  constructor(
    private readonly options: {
      readonly db: Database;
      readonly service: string;
      readonly hints: Hints;
      readonly store: EventStore;
    },
  ) {}

  /** `work` may run several times; it touches nothing but the transaction. */
  async run<T>(scope: Scope & { readonly tenant: string }, work: (tx: StreamTx) => Promise<T>): Promise<T> {
    for (let tries = 1; tries <= TRIES; tries++) {
      try {
        return await this.attempt(scope, work);
      } catch (error) {
        if (!(error instanceof LostRace)) throw error;
      }
    }
    throw new DomainError('CONFLICT', 'Too many changes at the same time. Try again.');
  }

  private async attempt<T>(scope: Scope, work: (tx: StreamTx) => Promise<T>): Promise<T> {
    const { db, hints, service, store } = this.options;
    let wrote = false;
    const result = await db.tx(scope, async (tx) => {
      const appends: Append[] = [];
      const result = await work(streamTx(tx, store, appends));
      wrote = appends.length > 0;
      if (wrote) await write(tx, appends);
      return result;
    });
    if (wrote) hints.publish(hintTopics.appended(service), '');
    return result;
  }
}

function streamTx(tx: Tx, store: EventStore, appends: Append[]): StreamTx {
  const seen = new Set<string>();
  const readStream = store.readStream.bind(store);
  const once = ({ stream }: { stream: string }) => {
    if (seen.has(stream)) throw new Error(`${stream} is handled twice in one transaction.`);
    seen.add(stream);
  };
  return {
    query: tx.query.bind(tx),
    async handle(decider, context) {
      once(context);
      const load = () => loadLocked(tx, context);
      const { handled, append } = await decided({ load, readStream }, decider, context);
      if (append) appends.push(append);
      return handled;
    },
    async handleAll(decider, contexts) {
      contexts.forEach(once);
      const found = await loadAllLocked(tx, contexts);
      const all = [];
      for (const [n, context] of contexts.entries()) {
        const load = () => Promise.resolve(found[n]!);
        const { handled, append } = await decided({ load, readStream }, decider, context);
        if (append) appends.push(append);
        all.push(handled);
      }
      return all;
    },
  };
}

/**
 * Locked before it is looked at, so that whoever comes second decides on what the first left, and finds the rows that the
 * first wrote beside it. The name is locked besides the row, because a stream that is not there yet has none.
 */
async function loadLocked(tx: Tx, { org, stream, commandId }: StreamCommand): Promise<Loaded> {
  await tx.query(LOCK, [org, stream], 'lock-stream');
  const rows = await tx.query<StreamRow>(LOAD, [org, stream, commandId], 'load-in-transaction');
  return loaded(rows[0]!);
}

/** Locked in the order of their names, so that two who want the same streams cannot wait for each other crosswise. */
async function loadAllLocked(tx: Tx, contexts: readonly StreamCommand[]): Promise<Loaded[]> {
  if (contexts.length === 0) return [];
  const { org } = contexts[0]!;
  if (contexts.some((context) => context.org !== org)) throw new Error('Streams of one organization only.');
  const streams = contexts.map(({ stream }) => stream);
  await tx.query(LOCK_ALL, [org, streams]);
  const rows = await tx.query<StreamRow>(LOAD_ALL, [
    org,
    streams,
    contexts.map(({ commandId }) => commandId),
  ]);
  return rows.map(loaded);
}

type StreamCommand = Pick<CommandContext<never>, 'org' | 'stream' | 'commandId'>;

const LOCK = `
  select (select 1 from streams where org = $1 and stream = $2 for update)
  from (select pg_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 0)) offset 0) as name`;

const LOCK_ALL = `
  with names as materialized (
    select pg_advisory_xact_lock(hashtextextended($1 || ' ' || stream, 0))
    from (select stream from unnest($2::text[]) as a (stream) order by stream collate "C" offset 0) as a
  )
  select from streams where org = $1 and stream = any($2) and (select count(*) from names) > 0
  order by stream for update`;

const LOAD_ALL = `
  select s.version, s.schema, s.state, c.version as seen_version, c.fingerprint as seen_fingerprint
  from unnest($2::text[], $3::uuid[]) with ordinality as a (stream, command, n)
  left join streams s on s.org = $1 and s.stream = a.stream
  left join commits c on c.org = $1 and c.command = a.command
  order by a.n`;

async function write(tx: Tx, appends: readonly Append[]): Promise<void> {
  const batch = batchJson(appends.map(prepareAppend));
  const outcomes = await tx
    .query<OutcomeRow & object>('select * from append_batch($1)', [batch], 'append-in-transaction')
    .catch((error: unknown) => {
      throw isSameCommand(error) ? new LostRace() : error;
    });
  // A command that another process has just done is a lost race too: the next try sees that it is done.
  if (outcomes.some(({ outcome }) => outcome !== 'appended')) throw new LostRace();
}

/** The same command is being written by somebody else at this moment. */
const isSameCommand = (error: unknown): boolean =>
  error instanceof DatabaseError && error.code === '23505' && error.table === 'commits';
