import { DomainError, hintTopics, type NewEvent } from '@tidemark/contracts';
import type { Database, Hints, Scope, Tx } from '@tidemark/runtime';
import { DatabaseError } from 'pg';
import type { Decider } from '../decider.js';
import type { Append, EventStore } from '../event-store.js';
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
  const inside = {
    /** The row of a stream that exists is locked first, so that whoever comes second decides on what the first left. */
    load: async (org: string, stream: string, command?: string) => {
      await tx.query(LOCK, [org, stream], 'lock-stream');
      const rows = await tx.query<StreamRow>(LOAD, [org, stream, command ?? null], 'load-in-transaction');
      return loaded(rows[0]!);
    },
    readStream: store.readStream.bind(store),
  };
  return {
    query: tx.query.bind(tx),
    async handle(decider, context) {
      if (seen.has(context.stream)) throw new Error(`${context.stream} is handled twice in one transaction.`);
      seen.add(context.stream);
      const { handled, append } = await decided(inside, decider, context);
      if (append) appends.push(append);
      return handled;
    },
  };
}

const LOCK = 'select 1 from streams where org = $1 and stream = $2 for update';

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
