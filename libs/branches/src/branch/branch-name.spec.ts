import { readFileSync } from 'node:fs';
import { branchStream, checkedBranchName, isBranchName, sameBranch } from './branch-name.js';

interface Vector {
  readonly name: string;
  readonly server: boolean;
}

const { branchNames } = JSON.parse(
  readFileSync(new URL('../../../../test/vectors/insomnia.json', import.meta.url), 'utf8'),
) as { branchNames: { names: Vector[] } };

describe('the name of a branch', () => {
  it.each(branchNames.names.map(({ name, server }) => [JSON.stringify(name), server, name] as const))(
    '%s is good: %s',
    (_, good, name) => expect(isBranchName(name)).toBe(good),
  );

  it('is kept in lower case', () => expect(checkedBranchName('Feature/ONE')).toBe('feature/one'));

  it('is refused with a rule to keep to', () => {
    expect(() => checkedBranchName('a b')).toThrow(expect.objectContaining({ code: 'BRANCH_NAME_INVALID' }));
  });

  it('is not confused with a letter that only looks the same in lower case', () => {
    expect(() => checkedBranchName('\u212Aelvin')).toThrow();
    expect(sameBranch('\u212Aelvin')).toBe('');
  });
});

describe('the stream of a branch', () => {
  const incarnation = `inc_${'a'.repeat(32)}`;

  it('is named after file and branch', () =>
    expect(branchStream(incarnation, 'feature/one')).toBe(`branch-${incarnation}-feature/one`));

  it.each([150, 151, 200])('keeps within the log with a name of %d characters', (length) => {
    const [one, other] = ['a', 'b'].map((last) => branchStream(incarnation, 'x'.repeat(length - 1) + last));
    expect(one!.length).toBeLessThanOrEqual(200);
    expect(one).not.toBe(other);
  });
});
