import { fileArchived, fileCreated } from '@tidemark/contracts';
import { given } from '@tidemark/testing';
import { fileDecider } from './file.decider.js';

const incarnation = `inc_${'2'.repeat(32)}`;
const data = {
  file: `prj_${'1'.repeat(32)}`,
  incarnation,
  project: `proj_${'3'.repeat(32)}`,
  root: 'wrk_1',
  name: 'Petstore',
};
const created = fileCreated(data);
const archived = fileArchived({ file: data.file, incarnation, project: data.project });
const archive = { kind: 'archive', incarnation } as const;

describe('creating a file', () => {
  it('happens', () =>
    given(fileDecider, [])
      .when({ kind: 'create', ...data })
      .then([created]));

  it.each([['live', [created]] as const, ['archived', [created, archived]] as const])(
    'never happens twice to one incarnation, %s or not',
    (_, events) => {
      given(fileDecider, events)
        .when({ kind: 'create', ...data })
        .thenRefused('CONFLICT');
    },
  );

  it('keeps what it is known by, and no name', () =>
    given(fileDecider, [])
      .when({ kind: 'create', ...data })
      .thenState({ status: 'live', file: data.file, project: data.project, root: 'wrk_1' }));
});

describe('archiving a file', () => {
  it('happens once', () => {
    given(fileDecider, [created]).when(archive).then([archived]);
    given(fileDecider, [created, archived]).when(archive).then([]);
  });

  it('that never was is no change', () => given(fileDecider, []).when(archive).then([]));

  it('leaves nothing behind', () =>
    given(fileDecider, [created]).when(archive).thenState({ status: 'archived' }));
});
