import { actionOf, detailsOf } from './entry.projection.js';

describe('the action of an entry', () => {
  it.each([
    ['OrganizationCreated', 'organization.created'],
    ['BranchHeadMoved', 'branch.head.moved'],
  ])('reads %s as %s', (type, action) => expect(actionOf(type)).toBe(action));
});

describe('the details of an entry', () => {
  it('are the ids that the event carries, and nothing else', () => {
    expect(detailsOf({ project: 'proj_1', branch: 'master', name: 'Petstore', length: 3 })).toEqual({
      project: 'proj_1',
      branch: 'master',
    });
  });

  it('are left out where it carries none', () => {
    expect(detailsOf({ name: 'Acme', by: 'acct_1' })).toBeUndefined();
    expect(detailsOf({ project: 7 })).toBeUndefined();
  });
});
