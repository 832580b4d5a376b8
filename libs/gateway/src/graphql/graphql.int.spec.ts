import { DomainError, fileAbsent, isUuid, type SealedBlob } from '@tidemark/contracts';
import { ACCOUNT, ada, file, FILE, INCARNATION, ORG, OTHER_ORG, PROJECT, ROOT } from '../../test/ada.js';
import { startGateway, type Gateway } from '../../test/gateway.js';
import { data, refusedWith, withoutId } from '../../test/graphql-answers.js';
import { vectors } from '../../test/vectors.js';
import { documents } from '../../test/documents.js';

const { absentFile, graphqlErrors, wire, encryptedValues } = vectors;
const BLOBS = (absentFile['missingBlobs'] as { variables: { ids: string[] } }).variables.ids;
const SNAPSHOT = 'a'.repeat(40);
const ABSENT = `prj_${'0'.repeat(32)}`;
const sealed = encryptedValues.messages[0]!.value as { iv: string; t: string; ad: string; d: string };
const content = JSON.stringify(sealed, null, 2);

let gateway: Gateway;

beforeAll(async () => void (gateway = await startGateway(ada())));
afterAll(() => gateway?.service.close());
beforeEach(() => gateway.become(ada()));

/** The operation that the app calls by this label, and what it was answered. */
const ask = (label: keyof typeof documents, variables: object) =>
  gateway.graphql(documents[label], variables);

const inFile = { projectId: FILE };
const create = wire.projectCreate.variables;
const push = wire.snapshotsCreate.variables;

/** What each call costs once session and access are known: a number that no batch changes. */
const costs: [label: keyof typeof documents, variables: object, messages: string[]][] = [
  ['projects', { teamId: ORG, teamProjectId: PROJECT }, ['branches.list-files', 'orgs.get-organization']],
  ['project', { id: FILE }, ['branches.find-file', 'orgs.get-organization']],
  ['createProject', create, ['orgs.member-keys', 'orgs.get-organization', 'branches.create-file']],
  ['teamMemberKeys', { teamId: ORG }, ['orgs.member-keys']],
  ['projectKey', inFile, ['branches.find-file', 'branches.file-key']],
  ['branches', inFile, ['branches.find-file', 'branches.list-branches']],
  ['branch', { ...inFile, branch: 'master' }, ['branches.find-file', 'branches.get-branch']],
  ['missingBlobs', { ...inFile, ids: BLOBS }, ['branches.find-file', 'snapshots.missing-blobs']],
  [
    'blobsCreate',
    { ...inFile, blobs: BLOBS.map((id) => ({ id, content })) },
    ['branches.find-file', 'snapshots.put-blobs'],
  ],
  ['snapshotsPush', push, ['branches.find-file', 'snapshots.stage', 'branches.append', 'orgs.people']],
  ['removeBranch', { ...inFile, branch: 'gone' }, ['branches.find-file', 'branches.remove-branch']],
  ['projectArchive', { id: FILE }, ['branches.find-file', 'branches.archive-file']],
];

describe('an operation', () => {
  it.each(costs)('%s asks the services a fixed number of times', async (label, variables, messages) => {
    await ask(label, variables);
    gateway.services.take();
    data(await ask(label, variables));
    expect(gateway.services.take().filter((pattern) => pattern !== 'orgs.access')).toEqual(messages);
  });

  it('projects: the files of a project', async () => {
    expect(data(await ask('projects', { teamId: ORG, teamProjectId: PROJECT }))).toEqual({
      projects: [{ id: FILE, name: file.name, rootDocumentId: ROOT, teams: [{ id: ORG, name: 'Personal' }] }],
    });
  });

  it('projects: all of an organization for newer apps, without those of a project that is gone', async () => {
    gateway.services.answers['branches.list-files'] = () => [file, { ...file, project: 'proj_gone' }];
    const query =
      'query ($teamId: ID, $allProjects: Boolean) { projects(teamId: $teamId, allProjects: $allProjects) { id teamProjectId } }';
    expect(data(await gateway.graphql(query, { teamId: ORG, allProjects: true }))).toEqual({
      projects: [{ id: FILE, teamProjectId: PROJECT }],
    });
  });

  it('teamMemberKeys: every member with their public key as text', async () => {
    expect(data(await ask('teamMemberKeys', { teamId: ORG }))).toEqual({
      teamMemberKeys: {
        memberKeys: [{ accountId: ACCOUNT, publicKey: vectors.whoami['publicKey'], autoLinked: false }],
      },
    });
  });

  it('branch: its snapshots; null when there is none of the name', async () => {
    expect(data(await ask('branch', { ...inFile, branch: 'master' }))).toMatchObject({
      branch: { name: 'master', snapshots: [SNAPSHOT] },
    });
    for (const branch of ['other', '', 'x'.repeat(201)])
      expect(data(await ask('branch', { ...inFile, branch }))).toEqual({ branch: null });
  });

  it('branches: with their snapshots only when these are read', async () => {
    const asked = () => gateway.services.sent.map(({ payload }) => payload['withSnapshots']);
    await ask('branches', inFile);
    await gateway.graphql(
      'query ($p: ID!) { branches(project: $p) { ...b } } fragment b on Branch { name ... on Branch { snapshots } }',
      { p: FILE },
    );
    expect(asked().filter((value) => value !== undefined)).toEqual([false, true]);
  });

  it('projectKey: the wrapped key, or a text that a person can read', async () => {
    expect(data(await ask('projectKey', inFile))).toEqual({
      projectKey: { encSymmetricKey: 'ab'.repeat(256) },
    });
    gateway.services.answers['branches.file-key'] = () => ({ key: null });
    expect(refusedWith(await ask('projectKey', inFile), 'FORBIDDEN')).toMatch(
      /invalid access: .*ask a member to share it/,
    );
  });

  it('names itself to the services: actor, session, and the organization where access was granted', async () => {
    await ask('blobsCreate', { ...inFile, blobs: [{ id: BLOBS[0], content }] });
    const actors = gateway.services.sent.map(({ pattern, actor }) => [pattern, actor.account, actor.org]);
    expect(actors).toContainEqual(['branches.find-file', ACCOUNT, undefined]);
    expect(actors).toContainEqual(['snapshots.put-blobs', ACCOUNT, ORG]);
  });
});

describe('creating a file', () => {
  it('sends the keys of members and nobody else’s', async () => {
    const stranger = { accountId: `acct_${'9'.repeat(32)}`, encSymmetricKey: 'no key', autoLinked: false };
    const [own] = create['teamKeys'] as [{ encSymmetricKey: string }];
    data(await ask('createProject', { ...create, teamKeys: [own, stranger] }));
    expect(gateway.services.sent.at(-1)).toMatchObject({
      pattern: 'branches.create-file',
      actor: { org: ORG },
      payload: {
        org: ORG,
        project: PROJECT,
        file: FILE,
        root: ROOT,
        name: 'Analytical Engine',
        keys: [{ account: ACCOUNT, key: own.encSymmetricKey }],
      },
    });
  });

  it.each([[[]], [null], [[{ accountId: `acct_${'9'.repeat(32)}`, encSymmetricKey: 'ab'.repeat(256) }]]])(
    'is refused without the own key: %j',
    async (teamKeys) => {
      refusedWith(await ask('createProject', { ...create, teamKeys }), 'KEYS_INCOMPLETE');
      expect(gateway.services.take()).not.toContain('branches.create-file');
    },
  );

  it.each(['ab'.repeat(255), 'AB'.repeat(256), 'ab'.repeat(384), 'zz'.repeat(256), ''])(
    'is refused with a key of another shape: %#',
    async (encSymmetricKey) => {
      const teamKeys = [{ accountId: ACCOUNT, encSymmetricKey }];
      refusedWith(await ask('createProject', { ...create, teamKeys }), 'INVALID_CIPHERTEXT');
      expect(gateway.services.take()).not.toContain('branches.create-file');
    },
  );

  it.each(Object.entries(encryptedValues.wrappedKeyHexDigits))(
    'takes a key of %s bits with its digits',
    async (bits, digits) => {
      const n = Buffer.alloc(Number(bits) / 8, 0xc3).toString('base64url');
      gateway.services.answers['orgs.member-keys'] = () => ({
        items: [{ account: ACCOUNT, publicKey: JSON.stringify({ n }) }],
      });
      const teamKeys = [{ accountId: ACCOUNT, encSymmetricKey: 'a'.repeat(digits) }];
      data(await ask('createProject', { ...create, teamKeys }));
    },
  );

  it.each(['prj_x', 'wrk_21a3230e03772a58aff1b3709a9e2328', '', `prj_${'A'.repeat(32)}`])(
    'is refused under the id %p',
    async (id) => {
      refusedWith(await ask('createProject', { ...create, id }), 'INVALID_ID');
    },
  );

  it.each([
    ['several lines', 'Petstore\n\tof\u0000 Ada', 'Petstore  of  Ada'],
    ['half a character', 'Ada\ud83c', 'Ada\ufffd'],
    ['more than 1 000 letters', 'x'.repeat(2_000), 'x'.repeat(1_000)],
    ['a character on the edge', `${'x'.repeat(999)}🌊`, `${'x'.repeat(999)}\ufffd`],
    ['nothing', '', ''],
  ])('takes a title of %s', async (_what, name, kept) => {
    data(await ask('createProject', { ...create, name }));
    expect(gateway.services.sent.at(-1)!.payload).toMatchObject({ name: kept });
  });

  describe('whose id is live in another project of the organization', () => {
    const elsewhere = (project: string) => {
      let archived = false;
      gateway.become({
        ...ada(),
        'branches.find-file': () => (archived ? [] : [{ ...file, project }]),
        'branches.archive-file': () => void (archived = true),
        'branches.create-file': () => (archived ? file : absent()),
      });
    };
    const absent = () => {
      throw fileAbsent();
    };

    it('archives it first when that project is deleted, heard of or not', async () => {
      elsewhere('proj_gone');
      data(await ask('createProject', create));
      const [archive, made] = gateway.services.sent.slice(-2);
      expect(archive).toMatchObject({
        pattern: 'branches.archive-file',
        actor: { org: ORG },
        payload: { org: ORG, incarnation: INCARNATION },
      });
      expect(made).toMatchObject({ pattern: 'branches.create-file', payload: { project: PROJECT } });
    });

    it.each([
      ['that project is there', () => elsewhere('proj_other'), ['proj_other', PROJECT]],
      ['it is the same project', () => elsewhere(PROJECT), []],
    ])('leaves it alone when %s', async (_what, given, projects) => {
      given();
      gateway.services.answers['orgs.list-projects'] = () => ({ items: projects.map((id) => ({ id })) });
      expect(refusedWith(await ask('createProject', create), 'NOT_FOUND')).toMatch(/invalid access/);
      expect(gateway.services.take()).not.toContain('branches.archive-file');
    });

    it('leaves it alone when the projects cannot be asked for', async () => {
      elsewhere('proj_gone');
      gateway.services.answers['orgs.list-projects'] = () => {
        throw new DomainError('UNAVAILABLE', 'Later.');
      };
      refusedWith(await ask('createProject', create), 'UNAVAILABLE');
      expect(gateway.services.take()).not.toContain('branches.archive-file');
    });
  });

  it('lands in the default project when none is named', async () => {
    data(await ask('createProject', { ...create, teamProjectId: null }));
    expect(gateway.services.sent.at(-1)!.payload).toMatchObject({ project: `proj_${ORG}` });
  });
});

describe('a file that is live in two organizations of the caller', () => {
  beforeEach(() => {
    const answers = ada();
    const twin = { ...file, org: OTHER_ORG, project: `proj_${OTHER_ORG}` };
    const organizations = [ORG, OTHER_ORG];
    gateway.become({
      ...answers,
      'orgs.authenticate': () => ({ account: ACCOUNT, session: 's', kind: 'app', organizations }),
      'orgs.access': () => ({ org: ORG, kind: 'team', owner: ACCOUNT, level: 'write' }),
      'orgs.get-organization': () => ({ id: OTHER_ORG, name: 'Acme' }),
      'branches.find-file': ({ orgs }: { orgs: string[] }) =>
        [file, twin].filter(({ org }) => orgs.includes(org)),
    });
  });

  it('is absent by its id alone', async () => {
    expect(data(await ask('project', { id: FILE }))).toEqual({ project: null });
  });

  it('is not made again, and the text names where it lives', async () => {
    const message = refusedWith(await ask('createProject', create), 'CONFLICT');
    expect(message).toBe('this file already lives in “Acme”; archive it there first');
    expect(gateway.services.take()).not.toContain('branches.create-file');
  });

  it('is one again when the project of the other one is gone', async () => {
    gateway.services.answers['orgs.access'] = ({ project }: { project?: string }) => {
      if (project === `proj_${OTHER_ORG}`) throw new DomainError('NOT_FOUND', 'gone');
      return { org: ORG, kind: 'team', owner: ACCOUNT, level: 'write' };
    };
    expect(data(await ask('project', { id: FILE }))).toMatchObject({ project: { id: FILE } });
  });
});

describe('uploading', () => {
  const upload = (text: unknown) =>
    ask('blobsCreate', {
      ...inFile,
      blobs: [
        { id: BLOBS[0], content },
        { id: BLOBS[1], content: typeof text === 'string' ? text : JSON.stringify(text) },
      ],
    });

  it.each(encryptedValues.messages)('$why: $server', async ({ value, server }) => {
    const reply = await upload(value);
    if (server === 'accept') expect(data(reply)).toEqual({ blobsCreate: { count: 2 } });
    else refusedWith(reply, 'INVALID_CIPHERTEXT');
    expect(gateway.services.take().includes('snapshots.put-blobs')).toBe(server === 'accept');
  });

  it.each([
    ['members in another order', JSON.stringify({ d: sealed.d, ad: '', t: sealed.t, iv: sealed.iv })],
    ['white space', `\n {"iv" :"${sealed.iv}",\t"t":"${sealed.t}","ad":"","d":"${sealed.d}"}\r\n`],
  ])('takes %s', async (_what, text) => {
    data(await upload(text));
    const { blobs } = gateway.services.sent.at(-1)!.payload as { blobs: SealedBlob[] };
    expect(Buffer.from(blobs[1]!.iv).toString('hex')).toBe(sealed.iv);
    expect(Buffer.from(blobs[1]!.tag).toString('hex')).toBe(sealed.t);
    expect(Buffer.from(blobs[1]!.data).toString('hex')).toBe(sealed.d);
  });

  it.each(['', 'null', '[]', '7', '{', `{"iv":"${sealed.iv}"}`, '{"__proto__":{}}'])(
    'refuses the text %p',
    async (text) => {
      refusedWith(await upload(text), 'INVALID_CIPHERTEXT');
    },
  );

  it('gives back the text that the app writes', async () => {
    const blob = { iv: Buffer.from(sealed.iv, 'hex'), tag: Buffer.from(sealed.t, 'hex') };
    gateway.services.answers['snapshots.get-blobs'] = ({ ids }: { ids: string[] }) =>
      ids.map((id) => ({ ...blob, id, data: Buffer.from(sealed.d, 'hex') }));
    expect(data(await ask('blobs', { ...inFile, ids: [BLOBS[0], BLOBS[1], BLOBS[0]] }))).toEqual({
      blobs: [
        { id: BLOBS[0], content },
        { id: BLOBS[1], content },
      ],
    });
  });

  it('tells of missing blobs what the service tells', async () => {
    expect(data(await ask('missingBlobs', { ...inFile, ids: BLOBS }))).toEqual({
      blobsMissing: { missing: BLOBS.slice(1) },
    });
  });
});

describe('pushing', () => {
  const snapshot = (push['snapshots'] as Record<string, unknown>[])[0]!;

  it('answers the whole snapshot, with the names of a member', async () => {
    expect(data(await ask('snapshotsPush', push))).toEqual({
      snapshotsCreate: [
        {
          ...snapshot,
          authorAccount: { firstName: 'Ada', lastName: 'Lovelace', email: vectors.whoami['email'] },
        },
      ],
    });
  });

  it('stages data first and moves the branch with the token of it', async () => {
    await gateway.call('/graphql', {
      method: 'POST',
      headers: {
        'x-session-id': `sess_${'s'.repeat(43)}`,
        'content-type': 'application/json',
        'x-insomnia-client': 'production::darwin::10.1.1',
      },
      body: JSON.stringify({ query: documents.snapshotsPush, variables: push }),
    });
    const [stage, append] = ['snapshots.stage', 'branches.append'].map(
      (wanted) => gateway.services.sent.find(({ pattern }) => pattern === wanted)!.payload,
    );
    const state = snapshot['state'] as Record<string, string>[];
    expect(stage).toEqual({
      org: ORG,
      incarnation: INCARNATION,
      file: FILE,
      root: ROOT,
      snapshots: [
        {
          ...snapshot,
          state: {
            keys: state.map(({ key }) => key),
            blobs: state.map(({ blob }) => blob),
            names: state.map(({ name }) => name),
          },
        },
      ],
    });
    expect(append).toEqual({
      org: ORG,
      incarnation: INCARNATION,
      branch: 'master',
      snapshots: [snapshot['id']],
      parent: snapshot['parent'],
      token: 'staged',
      client: 'production::darwin::10.1.1',
    });
  });

  it('answers somebody else’s version where that was accepted first', async () => {
    const first = { ...snapshot, name: 'Theirs', author: `acct_${'7'.repeat(32)}`, hash: 'theirs' };
    gateway.services.answers['branches.append'] = () => ({
      accepted: [{ id: snapshot['id'], hash: 'theirs', pushedBy: first.author }],
    });
    gateway.services.answers['snapshots.get'] = ({ ids }: { ids: string[] }) =>
      ids.map(() => ({ ...first, state: { keys: [], blobs: [], names: [] } }));
    expect(data(await ask('snapshotsPush', push))).toMatchObject({
      snapshotsCreate: [{ id: snapshot['id'], name: 'Theirs', author: first.author, authorAccount: null }],
    });
  });

  it.each(['made elsewhere', '', 'acct_operator', `acct_${'9'.repeat(32)}`])(
    'gives the claimed author %p back, without a name',
    async (author) => {
      const claimed = { ...push, snapshots: [{ ...snapshot, author }] };
      expect(data(await ask('snapshotsPush', claimed))).toMatchObject({
        snapshotsCreate: [{ author, authorAccount: null }],
      });
    },
  );

  it.each(['yesterday', '', 7, {}, '7'])('refuses the time %p', async (created) => {
    const claimed = { ...push, snapshots: [{ ...snapshot, created }] };
    refusedWith(await ask('snapshotsPush', claimed), 'INVALID_INPUT');
    expect(gateway.services.take()).not.toContain('snapshots.stage');
  });

  it('has nothing to do for no snapshots', async () => {
    expect(data(await ask('snapshotsPush', { ...push, snapshots: [] }))).toEqual({ snapshotsCreate: [] });
    expect(gateway.services.take()).not.toContain('snapshots.stage');
  });

  it('tells the loser of a race in the app’s own words', async () => {
    gateway.services.answers['branches.append'] = () => {
      throw new DomainError(
        'HISTORY_CONFLICT',
        'Remote history conflict. Please pull latest changes and try again',
      );
    };
    expect(refusedWith(await ask('snapshotsPush', push), 'HISTORY_CONFLICT')).toBe(
      'Remote history conflict. Please pull latest changes and try again',
    );
  });

  it('names each removal of a branch and each archiving by a command', async () => {
    for (const label of ['removeBranch', 'projectArchive', 'projectArchive'] as const)
      await ask(label, { ...inFile, id: FILE, branch: 'gone' });
    const commands = gateway.services.sent.map(({ payload }) => payload['command']).filter(isUuid);
    expect(commands).toHaveLength(3);
    expect(commands[1]).toBe(commands[2]);
  });
});

/** Every call about one file, as the app makes it. */
const calls = (id: string): [keyof typeof documents, object][] => [
  ['project', { id }],
  ['branch', { projectId: id, branch: 'master' }],
  ['branches', { projectId: id }],
  ['missingBlobs', { projectId: id, ids: BLOBS }],
  ['projectArchive', { id }],
  ['removeBranch', { projectId: id, branch: 'master' }],
  ['projectKey', { projectId: id }],
  ['snapshots', { projectId: id, ids: [SNAPSHOT] }],
  ['blobs', { projectId: id, ids: [BLOBS[0]] }],
  ['blobsCreate', { projectId: id, blobs: [{ id: BLOBS[0], content }] }],
  ['snapshotsPush', { ...push, projectId: id }],
];

const ofOrganization: [keyof typeof documents, object][] = [
  ['projects', { teamId: OTHER_ORG, teamProjectId: PROJECT }],
  ['projects', { teamId: ORG, teamProjectId: 'proj_gone' }],
  ['projects', { teamId: 'org_scratchpad', teamProjectId: 'x' }],
  ['teamMemberKeys', { teamId: OTHER_ORG }],
  ['teamMemberKeys', { teamId: '' }],
  ['createProject', { ...create, teamId: OTHER_ORG }],
  ['createProject', { ...create, teamId: null }],
  ['createProject', { ...create, teamProjectId: 'proj_gone' }],
  ['createProject', { ...create, teamProjectId: 'no id' }],
];

const expected = (label: string) => {
  const answer = absentFile[label] as string | { data?: object };
  if (answer === 'error') return JSON.stringify(graphqlErrors['absentFile']!.body);
  return JSON.stringify({ data: typeof answer === 'object' && answer.data ? answer.data : answer });
};

describe('what is absent', () => {
  it.each(calls(ABSENT))('%s of an unknown file', async (label, variables) => {
    expect(withoutId(await ask(label, variables))).toEqual({ status: 200, text: expected(label) });
  });

  it.each(calls('what is no id'))('%s of something that is no file', async (label, variables) => {
    expect(withoutId(await ask(label, variables))).toEqual({ status: 200, text: expected(label) });
  });

  it.each(calls(FILE))('%s of a file whose project is gone', async (label, variables) => {
    const answers = ada();
    gateway.become({
      ...answers,
      'orgs.access': () => {
        throw new DomainError('NOT_FOUND', 'gone');
      },
    });
    expect(withoutId(await ask(label, variables))).toEqual({ status: 200, text: expected(label) });
    const written = gateway.services.sent.filter(({ actor }) => actor.org !== undefined);
    expect(written).toEqual([]);
  });

  it.each(calls(FILE))('%s of a file that goes away meanwhile', async (label, variables) => {
    for (const pattern of Object.keys(gateway.services.answers))
      if (/^(branches|snapshots)\./.test(pattern) && pattern !== 'branches.find-file')
        delete gateway.services.answers[pattern];
    gateway.services.answers['orgs.get-organization'] = () => {
      throw new DomainError('NOT_FOUND', 'gone');
    };
    expect(withoutId(await ask(label, variables))).toEqual({ status: 200, text: expected(label) });
  });

  it.each(ofOrganization)(
    '%s of an organization or project that is not there: %j',
    async (label, variables) => {
      expect(withoutId(await ask(label, variables))).toEqual({ status: 200, text: expected(label) });
    },
  );

  it('asks nobody about what is no id', async () => {
    await ask('blobs', { projectId: 'x', ids: [] });
    expect(gateway.services.take()).toEqual([]);
  });
});

describe('a file that the caller may only read', () => {
  beforeEach(() => {
    gateway.become({
      ...ada(),
      'orgs.access': () => ({ org: ORG, kind: 'team', owner: `acct_${'3'.repeat(32)}`, level: 'read' }),
    });
  });

  it.each([...calls(FILE).slice(9), ...calls(FILE).slice(4, 6), ['createProject', create] as const])(
    '%s is refused with the words that the app knows',
    async (label, variables) => {
      expect(refusedWith(await ask(label, variables), 'FORBIDDEN')).toContain('invalid access');
      expect(gateway.services.sent.filter(({ actor }) => actor.org !== undefined)).toEqual([]);
    },
  );

  it('can be read', async () => {
    expect(data(await ask('branch', { ...inFile, branch: 'master' }))).not.toEqual({ branch: null });
  });
});
