import { isOrgId, isUuid } from '@tidemark/contracts';
import { checkedKey, commandId, orgIdFor } from './command-ids.js';

describe('ids of commands', () => {
  it('are the same for the same account, operation and key, and for nothing else', () => {
    const id = commandId('acct_a', 'create', 'k');
    expect(isUuid(id)).toBe(true);
    expect(commandId('acct_a', 'create', 'k')).toBe(id);
    expect(commandId('acct_b', 'create', 'k')).not.toBe(id);
    expect(commandId('acct_a', 'rename', 'k')).not.toBe(id);
    expect(commandId('acct_a', 'create', 'l')).not.toBe(id);
  });

  it('are new each time where there is no key', () => {
    expect(commandId('acct_a', 'create')).not.toBe(commandId('acct_a', 'create'));
    expect(orgIdFor('acct_a')).not.toBe(orgIdFor('acct_a'));
  });

  it('name the same organization for the same key', () => {
    expect(isOrgId(orgIdFor('acct_a', 'k'))).toBe(true);
    expect(orgIdFor('acct_a', 'k')).toBe(orgIdFor('acct_a', 'k'));
    expect(orgIdFor('acct_b', 'k')).not.toBe(orgIdFor('acct_a', 'k'));
  });

  it.each(['', ' ', 'a b', 'ä', 'a\n', 'x'.repeat(256)])('refuse the key %p', (key) => {
    expect(() => checkedKey(key)).toThrow(/Idempotency-Key must have/);
  });

  it.each(['a', 'x'.repeat(255), '0b1f-…'.replace('…', '~')])('accept the key %p', (key) => {
    expect(checkedKey(key)).toBe(key);
  });
});
