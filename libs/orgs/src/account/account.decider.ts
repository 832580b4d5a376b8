import {
  accountCreated,
  emailVerified,
  operatorMade,
  passphraseChanged,
  recoveryCodeReplaced,
  recoveryCodeUsed,
  sessionEnded,
  sessionStarted,
  unauthorized,
  type AccountCreated,
  type EmailVerified,
  type OperatorMade,
  type PassphraseChanged,
  type RecoveryCodeReplaced,
  type RecoveryCodeUsed,
  type SessionEnded,
  type SessionStarted,
} from '@tidemark/contracts';
import type { Decider } from '@tidemark/event-store';
import { noAccount, type Account } from './account.js';
import { accountExists, mustVerifyFirst, tooManyDevices } from './account.errors.js';

type EndReason = SessionEnded['data']['reason'];

export interface EndingSession {
  readonly session: string;
  readonly reason: EndReason;
}

export interface StartingSession {
  readonly session: string;
  readonly kind: 'app' | 'web';
}

/** The app sessions that live at this moment, under a lock: without those that this command ends. */
interface Devices {
  readonly living: readonly string[];
  readonly limit: number;
  readonly verifiedOnly: boolean;
}

export type AccountCommand = { readonly account: string } & (
  | { readonly kind: 'create'; readonly operator: boolean; readonly starting?: StartingSession }
  | {
      readonly kind: 'start-session';
      readonly starting: StartingSession;
      readonly devices?: Devices;
      readonly ending: readonly EndingSession[];
    }
  | { readonly kind: 'end-sessions'; readonly ending: readonly EndingSession[] }
  | { readonly kind: 'change-passphrase'; readonly ending: readonly EndingSession[] }
  | {
      readonly kind: 'use-recovery';
      readonly starting: StartingSession;
      readonly ending: readonly EndingSession[];
    }
  | { readonly kind: 'replace-recovery' }
  | { readonly kind: 'verify-email' }
  | { readonly kind: 'make-operator' }
);

export type AccountEvent =
  | AccountCreated
  | EmailVerified
  | OperatorMade
  | PassphraseChanged
  | RecoveryCodeReplaced
  | RecoveryCodeUsed
  | SessionEnded
  | SessionStarted;

export const accountDecider: Decider<AccountCommand, Account, AccountEvent> = {
  schema: 1,
  initial: noAccount,

  decide(command, state) {
    if (command.kind === 'create') return create(command, state);
    if (state.status !== 'active') throw unauthorized();
    return decideFor(command, state);
  },

  evolve(state, event) {
    if (event.type === 'AccountCreated')
      return { status: 'active', createdAt: event.at, emailVerified: false, operator: false };
    if (state.status !== 'active') return state;
    if (event.type === 'EmailVerified') return { ...state, emailVerified: true };
    return event.type === 'OperatorMade' ? { ...state, operator: true } : state;
  },
};

type Command<Kind extends AccountCommand['kind']> = Extract<AccountCommand, { kind: Kind }>;
type Active = Extract<Account, { status: 'active' }>;

function create(command: Command<'create'>, state: Account): AccountEvent[] {
  const { account, operator, starting } = command;
  if (state.status !== 'absent') throw accountExists();
  return [
    accountCreated({ account }),
    ...(operator ? [operatorMade({ account })] : []),
    ...(starting ? [sessionStarted({ account, ...starting })] : []),
  ];
}

function decideFor(command: Exclude<AccountCommand, { kind: 'create' }>, state: Active): AccountEvent[] {
  const { account } = command;
  switch (command.kind) {
    case 'start-session':
      return startSession(command, state);
    case 'end-sessions':
      return ended(account, command.ending);
    case 'change-passphrase':
      return [passphraseChanged({ account }), ...ended(account, command.ending)];
    case 'use-recovery':
      return [
        recoveryCodeUsed({ account }),
        ...ended(account, command.ending),
        sessionStarted({ account, ...command.starting }),
      ];
    case 'replace-recovery':
      return [recoveryCodeReplaced({ account })];
    case 'verify-email':
      return state.emailVerified ? [] : [emailVerified({ account })];
    case 'make-operator':
      return state.operator ? [] : [operatorMade({ account })];
  }
}

function startSession(command: Command<'start-session'>, state: Active): AccountEvent[] {
  const { account, starting, ending, devices } = command;
  if (devices?.verifiedOnly && !state.emailVerified && !state.operator) throw mustVerifyFirst();
  if (devices && devices.living.length >= devices.limit) throw tooManyDevices(devices.limit, devices.living);
  return [...ended(account, ending), sessionStarted({ account, ...starting })];
}

const ended = (account: string, ending: readonly EndingSession[]): AccountEvent[] =>
  ending.map((one) => sessionEnded({ account, ...one }));
