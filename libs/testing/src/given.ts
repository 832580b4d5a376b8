import { deepStrictEqual, fail, ok } from 'node:assert/strict';
import { DomainError, type ErrorCode, type NewEvent } from '@tidemark/contracts';
import { fold, type Decider } from '@tidemark/event-store';

/** The moment at which everything in such a test happens. */
export const GIVEN_AT = '2026-01-01T00:00:00.000Z';

interface Given<Command, State> {
  when(command: Command): When<State>;
}

interface When<State> {
  /** These events, in this order, and no others. */
  then(events: readonly NewEvent[]): void;
  thenState(state: State): void;
  /** A DomainError with this code; returned for a look at its words. */
  thenRefused(code: ErrorCode): DomainError;
}

/** A test of a decider in three sentences: `given(decider, [created]).when(rename).then([renamed])`. */
export function given<Command, State extends object, Event extends NewEvent>(
  decider: Decider<Command, State, Event>,
  events: readonly Event[],
): Given<Command, State> {
  const evolved = (state: State, more: readonly NewEvent[]) =>
    fold(
      decider,
      state,
      more.map((event) => ({ ...event, at: GIVEN_AT })),
    );
  return {
    when(command) {
      const before = evolved(decider.initial, events);
      const decided = () => decider.decide(command, before);
      return {
        then: (expected) => deepStrictEqual(decided(), expected),
        thenState: (state) => deepStrictEqual(evolved(before, decided()), state),
        thenRefused: (code) => refusal(decided, code),
      };
    },
  };
}

function refusal(decided: () => readonly NewEvent[], code: ErrorCode): DomainError {
  try {
    const events = decided();
    return fail(
      `Expected ${code}, but it happened: ${events.map(({ type }) => type).join(', ') || 'nothing'}.`,
    );
  } catch (error) {
    ok(error instanceof DomainError, error instanceof Error ? error : String(error));
    deepStrictEqual(error.code, code);
    return error;
  }
}
