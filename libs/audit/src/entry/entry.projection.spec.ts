import { actionOf } from './entry.projection.js';

describe('the action of an entry', () => {
  it.each([
    ['OrganizationCreated', 'organization.created'],
    ['BranchHeadMoved', 'branch.head.moved'],
  ])('reads %s as %s', (type, action) => expect(actionOf(type)).toBe(action));
});
