import { validateSync } from 'class-validator';
import { derivedUuid, newOrgId } from '../ids.js';
import { CreateOrganization } from './orgs.js';

const problems = (name: unknown) =>
  validateSync(
    Object.assign(new CreateOrganization(), { org: newOrgId(), command: derivedUuid('x'), name }),
  ).map((problem) => problem.property);

describe('the name of an organization', () => {
  it.each(['A', 'Zoë & Söhne 中文 🌊', 'x'.repeat(200), '🌊'.repeat(200)])('may be %p', (name) => {
    expect(problems(name)).toEqual([]);
  });

  it.each(['', ' a', 'a ', 'a\u0000b', 'a\nb', '\ud800', 'x'.repeat(201), 7, null, undefined, ['a']])(
    'may not be %p',
    (name) => expect(problems(name)).toEqual(['name']),
  );
});
