import {
  DomainError,
  historyConflict,
  type ErrorCode,
  type NewEvent,
  type RecordedEvent,
} from '@tidemark/contracts';
import { fold, type Decider } from './decider.js';
import type { Append, EventStore, Loaded } from './event-store.js';

export interface CommandContext<Command> {
  readonly org: string;
  readonly stream: string;
  readonly command: Command;
  readonly commandId: string;
  readonly fingerprint: string;
  readonly meta: { readonly account: string; readonly requestId: string };
  /** When it happens: ISO 8601, UTC, milliseconds. */
  readonly at: string;
  /** The version the caller has seen. Anything else is a conflict at once, with the code given or CONFLICT. */
  readonly expected?: number;
  readonly conflict?: Extract<ErrorCode, 'CONFLICT' | 'HISTORY_CONFLICT'>;
}

export interface Handled<State> {
  readonly version: number;
  readonly state: State;
  /** The command had been handled before: this is the stream as it stands now. */
  readonly repeated: boolean;
}

const TRIES = 10;
const PAGE = 500;

/** Load, decide, append. Whoever loses a race decides again on what the winner left. */
export async function handleCommand<Command, State extends object, Event extends NewEvent>(
  store: EventStore,
  decider: Decider<Command, State, Event>,
  context: CommandContext<Command>,
): Promise<Handled<State>> {
  for (let tries = 1; tries <= TRIES; tries++) {
    const handled = await attempt(store, decider, context);
    if (handled) return handled;
  }
  throw new DomainError('CONFLICT', 'Too many changes at the same time. Try again.');
}

/** Undefined when another append came between. */
async function attempt<Command, State extends object, Event extends NewEvent>(
  store: EventStore,
  decider: Decider<Command, State, Event>,
  context: CommandContext<Command>,
): Promise<Handled<State> | undefined> {
  const { handled, append } = await decided(store, decider, context);
  if (!append) return handled;
  const result = await store.append(append);
  if (result.outcome === 'repeated') refuseReuse(result.fingerprint, context.fingerprint);
  return result.outcome === 'appended' ? handled : undefined;
}

/** What a command leads to on the stream as it stands; without `append` there is nothing to write. */
export async function decided<Command, State extends object, Event extends NewEvent>(
  store: Pick<EventStore, 'load' | 'readStream'>,
  decider: Decider<Command, State, Event>,
  context: CommandContext<Command>,
): Promise<{ handled: Handled<State>; append?: Append }> {
  const { org, stream, command, commandId, fingerprint, meta, at, expected } = context;
  const loaded = await store.load(org, stream, commandId);
  const { version } = loaded;
  const before = await currentState(store, decider, { org, stream }, loaded);
  if (loaded.repeated) {
    refuseReuse(loaded.repeated.fingerprint, fingerprint);
    return { handled: { version, state: before, repeated: true } };
  }
  if (expected !== undefined && expected !== version) throw conflict(context.conflict);
  const events = decider.decide(command, before);
  if (events.length === 0) return { handled: { version, state: before, repeated: false } };
  const happened = events.map((event) => ({ ...event, at }));
  const state = fold(decider, before, happened);
  const { schema } = decider;
  const append = {
    org,
    stream,
    expected: version,
    command: commandId,
    fingerprint,
    schema,
    state,
    events,
    meta,
    at,
  };
  return { handled: { version: version + events.length, state, repeated: false }, append };
}

/** The stored state, or a replay when another version of the decider had folded it. The next append stores it. */
export async function currentState<State extends object, Event extends NewEvent>(
  store: Pick<EventStore, 'readStream'>,
  decider: Decider<never, State, Event>,
  { org, stream }: { readonly org: string; readonly stream: string },
  loaded: Loaded,
): Promise<State> {
  if (loaded.version === 0) return decider.initial;
  if (loaded.schema === decider.schema) return loaded.state as State;
  return replay(store, decider, { org, stream }, loaded.version);
}

/** Folds a stream from its beginning to a version, a page at a time. */
export async function replay<State extends object, Event extends NewEvent>(
  store: Pick<EventStore, 'readStream'>,
  decider: Decider<never, State, Event>,
  { org, stream }: { readonly org: string; readonly stream: string },
  version: number,
): Promise<State> {
  let state = decider.initial;
  for (let at = 0; at < version;) {
    const page: RecordedEvent[] = await store.readStream(org, stream, at, Math.min(PAGE, version - at));
    if (page.length === 0)
      throw new DomainError('INTEGRITY', `A stream ends at version ${at} instead of ${version}.`);
    state = fold(decider, state, page);
    at = page.at(-1)!.version;
  }
  return state;
}

/** One id for two different commands: a client that reuses its Idempotency-Key. */
function refuseReuse(recorded: string, given: string): void {
  if (recorded === given) return;
  throw new DomainError(
    'IDEMPOTENCY_KEY_REUSED',
    'This Idempotency-Key was used for something else. Use a new one.',
  );
}

const conflict = (code: 'CONFLICT' | 'HISTORY_CONFLICT' = 'CONFLICT') =>
  code === 'HISTORY_CONFLICT'
    ? historyConflict()
    : new DomainError(code, 'It has changed in the meantime. Look again and repeat.');
