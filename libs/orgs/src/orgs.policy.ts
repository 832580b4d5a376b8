import type { RegistrationPolicy } from '@tidemark/runtime';

/** What the operator has set. */
export interface OrgsPolicy {
  readonly registration: RegistrationPolicy;
  /** Without one the first account becomes operator as it is: for an installation that only its own machine reaches. */
  readonly setupCode?: string | undefined;
  readonly deviceLimit: number;
  readonly sessionIdleDays: number;
  readonly sessionDays: number;
}
