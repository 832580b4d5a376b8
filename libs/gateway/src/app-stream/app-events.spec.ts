import type { AuditEntry } from '@tidemark/contracts';
import { appEventOf, merged, type AppEvent } from './app-events.js';

const ORG = `org_${'a'.repeat(32)}`;
const project = 'proj_1';
const file = `prj_${'b'.repeat(32)}`;

const entry = (action: string, details?: AuditEntry['details'], object = 'x'): AuditEntry => ({
  seq: 1,
  at: '',
  actor: '',
  object,
  outcome: 'done',
  requestId: '',
  action,
  ...(details && { details }),
});

const inFile = { project, file, incarnation: 'inc_1' };

describe('what an app is told of', () => {
  it.each([
    [
      'branch.head.moved',
      { ...inFile, branch: 'dev' },
      { type: 'FileChanged', project, file, branch: 'dev' },
    ],
    ['file.created', inFile, { type: 'FileChanged', project, file, branch: 'master' }],
    ['branch.removed', { ...inFile, branch: 'dev' }, { type: 'BranchDeleted', project, file, branch: 'dev' }],
    ['file.archived', inFile, { type: 'FileDeleted', project, file }],
    ['project.created', { project }, { type: 'TeamProjectChanged', project }],
    ['project.renamed', { project }, { type: 'TeamProjectChanged', project }],
    ['project.deleted', { project }, { type: 'TeamProjectChanged', project }],
    ['organization.renamed', undefined, { type: 'OrganizationChanged' }],
  ])('%s', (action, details, event) => {
    expect(appEventOf(ORG, entry(action, details))).toEqual({
      topic: expect.any(String),
      team: ORG,
      ...event,
    });
  });

  it('the project by its stream where an entry has no details', () => {
    expect(appEventOf(ORG, entry('project.renamed', undefined, 'project-proj_1'))).toMatchObject({ project });
  });

  it.each(['account.created', 'session.started', 'organization.created', 'something.new'])(
    '%s not',
    (action) => {
      expect(appEventOf(ORG, entry(action))).toBeUndefined();
    },
  );
});

describe('equal events', () => {
  it('are one, where the last of them stood', () => {
    const [a, b] = ['a', 'b'].map((branch): AppEvent => ({
      type: 'FileChanged',
      topic: '',
      team: ORG,
      branch,
    }));
    expect(merged([a!, b!, { ...a! }])).toEqual([b, a]);
  });
});
