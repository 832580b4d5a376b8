import { DomainError } from '@tidemark/contracts';

/**
 * The service that asks has not shown for whom it does. That is its mistake or its clock's, never the person's: it must
 * not look like a session that has ended, or everybody would be logged out. The cause is for the log of this side; the
 * other side reads the fixed words. They leave open whether it was saved, for what came twice was saved the first time.
 */
export class ActorRefused extends DomainError {
  constructor(cause: string) {
    super(
      'UNAVAILABLE',
      'A part of the service refused the request. It is safe to try again in a moment.',
      [],
      {
        cause,
      },
    );
  }
}
