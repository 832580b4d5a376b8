import { validateSync } from 'class-validator';
import { derivedUuid, newAccountId, newIncarnationId, newOrgId, newProjectId } from '../ids.js';
import { CreateFile, WrappedKey } from './branches.js';
import { StageSnapshots } from './snapshots.js';

const file = `prj_${derivedUuid('x').replaceAll('-', '')}`;
const keys = [Object.assign(new WrappedKey(), { account: newAccountId(), key: 'ab'.repeat(256) })];
const created = { org: newOrgId(), project: newProjectId(), file, root: 'wrk_1', name: 'Petstore', keys };
const staged = { org: newOrgId(), incarnation: newIncarnationId(), file, root: 'wrk_1', snapshots: [{}] };

const problems = (message: object) => validateSync(message).map((problem) => problem.property);
const ofCreating = (more: object) => problems(Object.assign(new CreateFile(), created, more));
const ofStaging = (more: object) => problems(Object.assign(new StageSnapshots(), staged, more));

describe('the root document of a file', () => {
  it.each(['wrk_1', 'w', `wrk_${'é'.repeat(96)}`])('may be %p', (root) => {
    expect([ofCreating({ root }), ofStaging({ root })]).toEqual([[], []]);
  });

  it.each(['', 'wrk_\u0000x', 'wrk_\nx', 'wrk_\ud800', 'x'.repeat(101), 7, null, undefined, ['wrk_1']])(
    'may not be %p, which no table could keep',
    (root) => expect([ofCreating({ root }), ofStaging({ root })]).toEqual([['root'], ['root']]),
  );
});

describe('the name of a file', () => {
  it.each(['', 'Zoë & Söhne 中文 🌊', 'x'.repeat(1_000), '\ufffd', ' padded ', '🌊'.repeat(1_000)])(
    'may be %p',
    (name) => expect(ofCreating({ name })).toEqual([]),
  );

  it.each(['a\u0000b', 'a\nb', 'a\tb', '\ud83c', 'x'.repeat(1_001)])('may not be %p', (name) =>
    expect(ofCreating({ name })).toEqual(['name']),
  );
});
