import { organizationCreated, organizationRenamed } from '@tidemark/contracts';
import { given, GIVEN_AT } from '@tidemark/testing';
import { organizationDecider } from './organization.decider.js';

const by = 'acct_0123456789abcdef0123456789abcdef';
const other = 'acct_ffffffffffffffffffffffffffffffff';
const created = organizationCreated({ name: 'Acme', by });

describe('creating an organization', () => {
  it('happens once', () => {
    given(organizationDecider, []).when({ kind: 'create', name: 'Acme', by }).then([created]);
    given(organizationDecider, [created]).when({ kind: 'create', name: 'Acme', by }).thenRefused('CONFLICT');
  });

  it('makes its maker the owner', () => {
    given(organizationDecider, [])
      .when({ kind: 'create', name: 'Acme', by })
      .thenState({ status: 'active', kind: 'team', name: 'Acme', owner: by, createdAt: GIVEN_AT });
  });
});

describe('the kind of an organization', () => {
  it('is told when it is made', () => {
    given(organizationDecider, [])
      .when({ kind: 'create', name: 'Personal', by, of: 'personal' })
      .then([organizationCreated({ name: 'Personal', by, kind: 'personal' })]);
  });

  it('was always that of several people before events told it', () => {
    const first = { ...created, typeVersion: 1 as const, data: { name: 'Acme', by } };
    given(organizationDecider, [first])
      .when({ kind: 'rename', name: 'Acme Tools', by })
      .thenState({ status: 'active', kind: 'team', name: 'Acme Tools', owner: by, createdAt: GIVEN_AT });
  });
});

describe('renaming an organization', () => {
  it('is for its owner', () => {
    given(organizationDecider, [created])
      .when({ kind: 'rename', name: 'Acme Tools', by })
      .then([organizationRenamed({ name: 'Acme Tools' })]);
  });

  it('keeps everything else', () => {
    given(organizationDecider, [created])
      .when({ kind: 'rename', name: 'Acme Tools', by })
      .thenState({ status: 'active', kind: 'team', name: 'Acme Tools', owner: by, createdAt: GIVEN_AT });
  });

  it('to the name that it has is no change', () => {
    const renamed = organizationRenamed({ name: 'Acme Tools' });
    given(organizationDecider, [created, renamed]).when({ kind: 'rename', name: 'Acme Tools', by }).then([]);
    given(organizationDecider, [created, renamed])
      .when({ kind: 'rename', name: 'Acme', by })
      .then([organizationRenamed({ name: 'Acme' })]);
  });

  it('tells a stranger the same as where there is none', () => {
    const absent = given(organizationDecider, [])
      .when({ kind: 'rename', name: 'A', by })
      .thenRefused('NOT_FOUND');
    const foreign = given(organizationDecider, [created])
      .when({ kind: 'rename', name: 'A', by: other })
      .thenRefused('NOT_FOUND');
    expect(foreign.message).toBe(absent.message);
  });
});
