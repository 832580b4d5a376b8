import type { NewEvent } from '@tidemark/contracts';

/** What `evolve` may know of an event beside what the decider said: when it happened. */
export interface Happened {
  readonly at: string;
}

/**
 * The rules of one kind of stream. `decide` answers what happens, or throws a DomainError; `evolve` records what has
 * happened and judges nothing. Neither touches the world: ids, time and actor come in with the command.
 */
export interface Decider<Command, State extends object, Event extends NewEvent = NewEvent> {
  /** Raised with every change of `evolve` or of the shape of the state: stored states of another one are replayed. */
  readonly schema: number;
  readonly initial: State;
  decide(command: Command, state: State): readonly Event[];
  evolve(state: State, event: Event & Happened): State;
}

/** Events come from the log as data; that they are this decider's is what the stream's name says. */
export function fold<State extends object, Event extends NewEvent>(
  decider: Decider<never, State, Event>,
  state: State,
  events: readonly (NewEvent & Happened)[],
): State {
  return events.reduce((folded, event) => decider.evolve(folded, event as Event & Happened), state);
}
