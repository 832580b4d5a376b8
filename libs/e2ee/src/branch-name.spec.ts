import { vectorsText } from '../test/vectors.js';
import { isBranchName, isNewerBranchName, isOlderBranchName } from './branch-name.js';

const vectors = JSON.parse(vectorsText);

interface Vector {
  name: string;
  older: boolean;
  newer: boolean;
  server: boolean;
}

describe('the name of a branch', () => {
  it.each<Vector>(vectors.branchNames.names)('$name', ({ name, older, newer, server }) => {
    expect([isOlderBranchName(name), isNewerBranchName(name)]).toEqual([older, newer]);
    expect(isBranchName(name)).toBe(server);
    expect(new RegExp(vectors.branchNames.olderRegex).test(name)).toBe(older);
  });
});
