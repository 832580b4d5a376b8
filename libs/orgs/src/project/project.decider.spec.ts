import { projectCreated, projectDeleted, projectRenamed } from '@tidemark/contracts';
import { given, GIVEN_AT } from '@tidemark/testing';
import { projectDecider } from './project.decider.js';

const by = 'acct_0123456789abcdef0123456789abcdef';
const project = 'proj_1';
const created = projectCreated({ project, name: 'Shop', by });
const deleted = projectDeleted({ project });
const rename = (name: string) => ({ kind: 'rename', project, name }) as const;

describe('a project', () => {
  it('is made once, and not again after it was deleted', () => {
    const create = { kind: 'create', project, name: 'Shop', by } as const;
    given(projectDecider, []).when(create).then([created]);
    given(projectDecider, [created]).when(create).thenRefused('CONFLICT');
    given(projectDecider, [created, deleted]).when(create).thenRefused('CONFLICT');
  });

  it('has the name it was given last', () => {
    given(projectDecider, [created])
      .when(rename('Store'))
      .then([projectRenamed({ project, name: 'Store' })]);
    given(projectDecider, [created])
      .when(rename('Store'))
      .thenState({ status: 'active', id: project, name: 'Store', createdAt: GIVEN_AT });
    given(projectDecider, [created, projectRenamed({ project, name: 'Store' })])
      .when(rename('Store'))
      .then([]);
  });

  it('is deleted once', () => {
    const remove = { kind: 'delete', project } as const;
    given(projectDecider, [created]).when(remove).then([deleted]);
    given(projectDecider, [created]).when(remove).thenState({ status: 'deleted' });
  });

  it('that is deleted or never was is told the same: it cannot be renamed, and need not be deleted', () => {
    const refusals = [[], [created, deleted]].map((events) => {
      given(projectDecider, events).when({ kind: 'delete', project }).then([]);
      return given(projectDecider, events).when(rename('Store')).thenRefused('NOT_FOUND');
    });
    expect(new Set(refusals.map(({ message }) => message)).size).toBe(1);
  });
});
