import {
  derivedOrgId,
  derivedUuid,
  fingerprintOf,
  isAccountId,
  isOrgId,
  isUuid,
  newAccountId,
  newOrgId,
} from './ids.js';

describe('ids', () => {
  it('makes organization and account ids that it recognizes', () => {
    expect(isOrgId(newOrgId())).toBe(true);
    expect(isAccountId(newAccountId())).toBe(true);
    expect(newOrgId()).not.toBe(newOrgId());
  });

  it.each([
    'org_',
    `org_${'g'.repeat(32)}`,
    `org_${'A'.repeat(32)}`,
    `org_${'0'.repeat(33)}`,
    `x${newOrgId()}`,
    7,
    null,
  ])('refuses %p as an organization id', (id) => expect(isOrgId(id)).toBe(false));

  it('derives the same id from the same parts, and another from parts that only read alike', () => {
    expect(derivedUuid('a', 'b')).toBe(derivedUuid('a', 'b'));
    expect(isUuid(derivedUuid('a', 'b'))).toBe(true);
    const others = [['ab'], ['a', 'b', ''], ['', 'ab'], ['b', 'a'], ['a","b']];
    expect(others.map((parts) => derivedUuid(...parts))).not.toContain(derivedUuid('a', 'b'));
    expect(isOrgId(derivedOrgId('a', 'b'))).toBe(true);
  });

  it('marks a derived id as version 8 of the standard', () => {
    expect(derivedUuid('x')[14]).toBe('8');
    expect('89ab').toContain(derivedUuid('x')[19]);
  });

  it('tells commands apart by their fingerprint', () => {
    expect(fingerprintOf({ name: 'a' })).toBe(fingerprintOf({ name: 'a' }));
    expect(fingerprintOf({ name: 'a' })).not.toBe(fingerprintOf({ name: 'b' }));
  });
});
