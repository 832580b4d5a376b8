import {
  accountCreated,
  emailVerified,
  operatorMade,
  passphraseChanged,
  recoveryCodeReplaced,
  recoveryCodeUsed,
  sessionEnded,
  sessionStarted,
} from '@tidemark/contracts';
import { given, GIVEN_AT } from '@tidemark/testing';
import { accountDecider, type AccountCommand } from './account.decider.js';

const account = 'acct_0123456789abcdef0123456789abcdef';
const [one, two, three, four] = ['1', '2', '3', '4'].map((n) => `ses_${n.repeat(32)}`) as [
  string,
  string,
  string,
  string,
];
const created = accountCreated({ account });
const active = { status: 'active', createdAt: GIVEN_AT, emailVerified: false, operator: false } as const;

describe('an account', () => {
  it('is made once, with the session of the browser that made it', () => {
    const starting = { session: one, kind: 'web' } as const;
    given(accountDecider, [])
      .when({ kind: 'create', account, operator: false, starting })
      .then([created, sessionStarted({ account, session: one, kind: 'web' })]);
    given(accountDecider, [created])
      .when({ kind: 'create', account, operator: false })
      .thenRefused('CONFLICT');
  });

  it('made by an operator has no session', () => {
    given(accountDecider, []).when({ kind: 'create', account, operator: false }).then([created]);
  });

  it('may be the operator from its beginning', () => {
    given(accountDecider, [])
      .when({ kind: 'create', account, operator: true })
      .thenState({ ...active, operator: true });
  });

  it('becomes operator once', () => {
    const make = { kind: 'make-operator', account } as const;
    given(accountDecider, [created])
      .when(make)
      .then([operatorMade({ account })]);
    given(accountDecider, [created, operatorMade({ account })])
      .when(make)
      .then([]);
  });

  it('is verified once, and stays what it was beside that', () => {
    const verify = { kind: 'verify-email', account } as const;
    given(accountDecider, [created])
      .when(verify)
      .then([emailVerified({ account })]);
    given(accountDecider, [created, operatorMade({ account })])
      .when(verify)
      .thenState({ ...active, operator: true, emailVerified: true });
    given(accountDecider, [created, emailVerified({ account })])
      .when(verify)
      .then([]);
  });

  const ending = [{ session: one, reason: 'passphrase' }] as const;
  const starting = { session: two, kind: 'web' } as const;
  it.each<AccountCommand>([
    { kind: 'start-session', account, starting, ending: [] },
    { kind: 'end-sessions', account, ending },
    { kind: 'change-passphrase', account, ending },
    { kind: 'use-recovery', account, starting, ending },
    { kind: 'replace-recovery', account },
    { kind: 'verify-email', account },
    { kind: 'make-operator', account },
  ])('that nobody has made does nothing: $kind', (command) => {
    given(accountDecider, []).when(command).thenRefused('UNAUTHORIZED');
  });
});

describe('what ends sessions', () => {
  const ended = (reason: 'passphrase' | 'recovery' | 'revoked') =>
    sessionEnded({ account, session: one, reason });

  it('is signing out or being ended', () => {
    given(accountDecider, [created])
      .when({ kind: 'end-sessions', account, ending: [{ session: one, reason: 'revoked' }] })
      .then([ended('revoked')]);
  });

  it('is a new passphrase', () => {
    given(accountDecider, [created])
      .when({ kind: 'change-passphrase', account, ending: [{ session: one, reason: 'passphrase' }] })
      .then([passphraseChanged({ account }), ended('passphrase')]);
  });

  it('is the recovery code, after which a new one begins', () => {
    given(accountDecider, [created])
      .when({
        kind: 'use-recovery',
        account,
        starting: { session: two, kind: 'web' },
        ending: [{ session: one, reason: 'recovery' }],
      })
      .then([
        recoveryCodeUsed({ account }),
        ended('recovery'),
        sessionStarted({ account, session: two, kind: 'web' }),
      ]);
  });

  it('is no new recovery code', () => {
    given(accountDecider, [created])
      .when({ kind: 'replace-recovery', account })
      .then([recoveryCodeReplaced({ account })]);
  });
});

describe('a device', () => {
  const start = (living: string[], more: object = {}, ending: readonly string[] = []): AccountCommand => ({
    kind: 'start-session',
    account,
    starting: { session: four, kind: 'app' },
    devices: { living, limit: 3, verifiedOnly: false, ...more },
    ending: ending.map((session) => ({ session, reason: 'replaced' as const })),
  });
  const started = sessionStarted({ account, session: four, kind: 'app' });

  it('signs in while there is room', () => {
    given(accountDecider, [created])
      .when(start([one, two]))
      .then([started]);
  });

  it('over the limit is told so, with those that could be ended', () => {
    const refusal = given(accountDecider, [created])
      .when(start([one, two, three]))
      .thenRefused('DEVICE_LIMIT');
    expect(refusal.message).toBe(
      'You are signed in on 3 devices, which is as many as are allowed. End one of them to sign in here.',
    );
    expect(refusal.details.map(({ id }) => id)).toEqual([one, two, three]);
  });

  it('takes the place of the one that it ends', () => {
    given(accountDecider, [created])
      .when(start([one, two], {}, [three]))
      .then([sessionEnded({ account, session: three, reason: 'replaced' }), started]);
  });

  it('is still refused when ending one is not enough, because the limit was lowered', () => {
    given(accountDecider, [created])
      .when(start([one, two], { limit: 2 }, [three]))
      .thenRefused('DEVICE_LIMIT');
  });

  it('waits for the address to be verified where that is wanted, except the operator', () => {
    const command = start([], { verifiedOnly: true });
    given(accountDecider, [created]).when(command).thenRefused('FORBIDDEN');
    given(accountDecider, [created, emailVerified({ account })])
      .when(command)
      .then([started]);
    given(accountDecider, [created, operatorMade({ account })])
      .when(command)
      .then([started]);
  });
});
