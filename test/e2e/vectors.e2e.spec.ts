import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import {
  newAccountKeys,
  newSymmetricKey,
  openBlob,
  openSymmetricKey,
  wrapFileKey,
  type Document,
} from '@tidemark/e2ee';
import {
  Account,
  argon2id,
  DeviceError,
  Http,
  operations,
  type Device,
  type Operation,
} from '@tidemark/device';
import { plant } from './support/canaries.js';
import { person, shared, type Person } from './support/people.js';
import { vectors } from './support/vectors.js';

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');

describe('the vectors of the protocol', () => {
  let ada: Person;
  let device: Device;
  let http: Http;
  beforeAll(async () => {
    ada = await person();
    device = await ada.device();
    http = new Http(ada.url);
  });
  const asked = (path: string, token: string | undefined = device.session!.id) =>
    http.ask(path, token === undefined ? {} : { headers: { 'x-session-id': token } });
  const graphql = async (
    { label, query }: Operation<never, unknown>,
    variables: object,
    token: string | undefined = device.session!.id,
  ) => {
    const headers = {
      'x-insomnia-client': 'production::linux::10.1.1',
      ...(token ? { 'x-session-id': token } : {}),
    };
    const answer = await http.ask(`/graphql?${label}`, {
      method: 'POST',
      headers,
      body: { query, variables },
    });
    return { status: answer.status, command: answer.headers.get('x-insomnia-command'), body: answer.body };
  };

  describe('accounts', () => {
    it('whoami has every member of the vector, of the same kind', async () => {
      const { body } = await asked('/auth/whoami');
      expect(kindsOf(body)).toEqual(kindsOf(vectors.whoami));
      const whoami = body as Record<string, string>;
      expect(JSON.parse(whoami['publicKey']!)).toEqual(device.session!.publicKey);
      expect(JSON.parse(whoami['encPrivateKey']!)).toEqual(device.session!.encPrivateKey);
    });

    it.each(Object.keys(vectors.newerApp).filter((name) => name.startsWith('GET ')))(
      'a newer app is answered %s',
      async (name) => {
        const { status, body } = await asked(name.slice('GET '.length));
        expect(status).toBe(200);
        expect(kindsOf(body)).toEqual(kindsOf(vectors.newerApp[name]));
      },
    );

    it('a newer app has its keys, the texts of whoami', async () => {
      const { path, ...members } = vectors.newerApp.encryptionKeys;
      const whoami = (await asked('/auth/whoami')).body as Record<string, string>;
      const keys = (await asked(path.slice('GET '.length))).body as Record<string, string>;
      for (const [name, source] of Object.entries(members))
        expect([name, keys[name]]).toEqual([name, source ? whoami[source] : source]);
    });

    it('a session for the app has the members of INSOMNIA_SESSION and no others', async () => {
      const session = { ...device.session! };
      expect(Object.keys(session)).toEqual(Object.keys(vectors.insomniaSessionEnv.json));
      expect(kindsOf(session)).toEqual(kindsOf(vectors.insomniaSessionEnv.json));
    });
  });

  describe('what is absent', () => {
    const error = vectors.graphqlErrors.absentFile;
    const id = `prj_${hex(16)}`;
    let files: [name: string, id: string][];
    beforeAll(async () => {
      const eve = await person('Eve');
      const [foreign] = await shared(eve, 'Foreign', await eve.device());
      const [archived] = await shared(ada, 'Archived', device);
      await archived!.archive();
      files = [
        ['unknown', id],
        ['archived', archived!.id],
        ['foreign', foreign!.id],
      ];
    });
    const ids = vectors.absentFile.missingBlobs.variables.ids;
    const org = `org_${hex(16)}`;
    const variablesOf = (file: string): Record<string, object> => ({
      project: { id: file },
      branch: { projectId: file, branch: 'master' },
      branches: { projectId: file },
      projects: { teamId: org, teamProjectId: `proj_${org}` },
      missingBlobs: { projectId: file, ids },
      projectArchive: { id: file },
      removeBranch: { projectId: file, branch: 'feature' },
      projectKey: { projectId: file },
      snapshots: { projectId: file, ids: [ids[0]] },
      blobs: { projectId: file, ids: [ids[0]] },
      teamMemberKeys: { teamId: org },
      createProject: {
        name: 'x',
        id: file,
        rootDocumentId: 'wrk_x',
        teamId: org,
        teamProjectId: `proj_${org}`,
        teamKeys: [{ accountId: ada.account.view.id, encSymmetricKey: '0'.repeat(512), autoLinked: false }],
      },
      blobsCreate: { projectId: file, blobs: [vectors.blobs[0]!.uploaded] },
      snapshotsPush: { projectId: file, branchName: 'master', snapshots: vectors.snapshots.list },
    });

    it.each(Object.keys(vectors.absentFile).filter((name) => name !== 'note'))(
      '%s: the same bytes for an unknown, an archived and a foreign file',
      async (label) => {
        const wanted = vectors.absentFile[label];
        const operation = Object.values(operations).find((one) => one.label === label)!;
        const seen = new Set<string>();
        for (const [, file] of files) {
          const { status, body } = await graphql(
            operation as Operation<never, unknown>,
            variablesOf(file)[label]!,
          );
          expect(status).toBe(200);
          seen.add(JSON.stringify(withoutRequestId(body)));
        }
        expect(seen.size).toBe(1);
        const answer = JSON.parse([...seen][0]!) as unknown;
        if (wanted === 'error') expect(answer).toEqual(withoutRequestId(error.body));
        else if (label === 'missingBlobs')
          expect(answer).toEqual({ data: vectors.absentFile.missingBlobs.data });
        else expect(answer).toEqual({ data: wanted });
      },
    );

    it('a session that is over is told so, with the way back to the login', async () => {
      const { status, headers, body } = vectors.graphqlErrors.endedSession;
      const answer = await graphql(
        operations.project as Operation<never, unknown>,
        { id },
        `sess_${'x'.repeat(43)}`,
      );
      expect(answer.status).toBe(status);
      expect(answer.command).toMatch(/^insomnia:\/\/app\/auth\/login\?message=\S+$/);
      expect(new URL(answer.command!).searchParams.get('message')).toBe(
        new URL(headers!['x-insomnia-command']!).searchParams.get('message'),
      );
      expect(withoutRequestId(answer.body)).toEqual(withoutRequestId(body));
    });
  });

  it('a request that is too large is refused in both forms', async () => {
    const { status, body } = vectors.graphqlErrors.tooLarge;
    const answer = await announced(
      `${ada.url}/graphql?blobsCreate`,
      64 * 1024 * 1024 + 1,
      device.session!.id,
    );
    expect(answer.status).toBe(status);
    expect(kindsOf(answer.body)).toEqual(kindsOf(body));
    expect(answer.body).toMatchObject({ error: 'TOO_LARGE', data: null });
  });

  it('branches are named as either app allows, and not otherwise', async () => {
    const [file] = await shared(ada, 'Names', device);
    const door = ada.door(device);
    const snapshots = (await file!.history()).map(({ authorAccount: _, ...snapshot }) => snapshot);
    const results: [name: string, server: boolean | string][] = [];
    for (const { name } of vectors.branchNames.names)
      await door
        .query(operations.snapshotsPush, { projectId: file!.id, branchName: name, snapshots })
        .then(() => results.push([name, true]))
        .catch((error: DeviceError) => results.push([name, error.code]));
    const invalid = (name: string) => (name === '' ? 'INVALID_INPUT' : 'BRANCH_NAME_INVALID');
    expect(results).toEqual(
      vectors.branchNames.names.map(({ name, server }) => [name, server || invalid(name)]),
    );
    const listed = await door.query(operations.branches, { projectId: file!.id });
    const taken = vectors.branchNames.names
      .filter(({ server }) => server)
      .map(({ name }) => name.toLowerCase());
    expect(listed!.map(({ name }) => name).sort()).toEqual([...new Set(['master', ...taken])].sort());
  });

  it('the file of the vectors is made, its blobs and snapshots are taken and given back as they were', async () => {
    const { org, project } = ada.place;
    const door = ada.door(device);
    const fileKey = newSymmetricKey();
    const variables = {
      ...(vectors.wire.projectCreate.variables as { name: string; id: string; rootDocumentId: string }),
      teamId: org,
      teamProjectId: project,
      teamKeys: [
        {
          accountId: ada.account.view.id,
          encSymmetricKey: await wrapFileKey(fileKey, ada.account.view.publicKey),
          autoLinked: false,
        },
      ],
    };
    const { id: projectId, name, rootDocumentId } = variables;
    expect(await door.query(operations.createProject, variables)).toEqual({
      id: projectId,
      name,
      rootDocumentId,
    });
    expect(vectors.wire.projectCreate.path).toBe(`/graphql?${operations.createProject.label}`);
    expect(vectors.wire.snapshotsCreate.path).toBe(`/graphql?${operations.snapshotsPush.label}`);

    const blobs = vectors.blobs.map(({ uploaded }) => uploaded);
    const ids = blobs.map(({ id }) => id);
    expect(await door.query(operations.missingBlobs, { projectId, ids })).toEqual({ missing: ids });
    expect(await door.query(operations.blobsCreate, { projectId, blobs })).toEqual({ count: blobs.length });
    expect(await door.query(operations.missingBlobs, { projectId, ids })).toEqual({ missing: [] });
    const { list } = vectors.snapshots;
    const wire = vectors.wire.snapshotsCreate.variables as { snapshots: unknown[] };
    expect(wire.snapshots).toEqual([list[0]]);
    const taken = await door.query(operations.snapshotsPush, {
      projectId,
      branchName: 'master',
      snapshots: list,
    });
    expect(taken).toEqual(list.map((snapshot) => ({ ...snapshot, authorAccount: null })));
    const read = await door.query(operations.snapshots, { projectId, ids: list.map(({ id }) => id) });
    expect(byId(read)).toEqual(byId(taken));

    const given = await door.query(operations.blobs, { projectId, ids });
    const sent = new Map(blobs.map((blob) => [blob.id, JSON.parse(blob.content) as unknown]));
    for (const { id, content } of given) expect(JSON.parse(content)).toEqual(sent.get(id));
    const raw = Buffer.from((vectors.blobs[0] as unknown as { keyHex: string }).keyHex, 'hex');
    const key = { ...fileKey, k: raw.toString('base64url') };
    const documents = await Promise.all(given.map((blob) => openBlob(blob, key)));
    expect(documents.map((document: Document) => document._id).sort()).toEqual(
      vectors.blobs.map(({ document }) => document._id).sort(),
    );

    const mangled = { ...list[0]!, id: vectors.snapshots.emptyState.id };
    await expect(
      door.query(operations.snapshotsPush, { projectId, branchName: 'other', snapshots: [mangled] }),
    ).rejects.toMatchObject({ code: 'SNAPSHOT_ID_MISMATCH' });
    const lacking = { ...list[0]!, state: [{ key: 'a', blob: 'f'.repeat(40), name: 'a' }] };
    await expect(
      door.query(operations.snapshotsPush, { projectId, branchName: 'other', snapshots: [lacking] }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^(BLOBS_MISSING|SNAPSHOT_ID_MISMATCH)$/) });
    expect(await door.query(operations.branch, { projectId, branch: 'other' })).toBeNull();
    await door.query(operations.projectArchive, { id: projectId });
  });

  describe('values that are no AES message', () => {
    const refused = vectors.encryptedValues.messages.filter(({ server }) => server === 'refuse');

    it('are refused in keys of an account', async () => {
      const email = `${hex(12)}@example.test`;
      plant('personal', email);
      const { send } = await newAccountKeys(`a passphrase ${hex(6)}`, argon2id);
      const whole = { ...send, email, firstName: '', lastName: '' };
      for (const { why, value } of refused)
        for (const member of ['encPrivateKey', 'encSymmetricKey']) {
          const text = typeof value === 'string' ? value : JSON.stringify(value);
          const answer = await http.ask('/app/api/sign-up', {
            method: 'POST',
            headers: { origin: ada.url },
            body: { ...whole, [member]: text },
          });
          expect([why, member, answer.status]).toEqual([why, member, 400]);
        }
      const { status } = await http.ask('/app/api/sign-in', {
        method: 'POST',
        headers: { origin: ada.url },
        body: { email, authenticationKey: send.authenticationKey },
      });
      expect(status).toBe(401);
    });

    it('nor is a wrapped key of another length taken', async () => {
      const { org, project } = ada.place;
      const digits = Object.values(vectors.encryptedValues.wrappedKeyHexDigits);
      for (const length of [...digits.filter((count) => count !== 512), 510, 514, 0]) {
        const id = `prj_${hex(16)}`;
        const created = ada.door(device).query(operations.createProject, {
          name: 'x',
          id,
          rootDocumentId: 'wrk_x',
          teamId: org,
          teamProjectId: project,
          teamKeys: [
            { accountId: ada.account.view.id, encSymmetricKey: '0'.repeat(length), autoLinked: false },
          ],
        });
        await expect(created).rejects.toMatchObject({ code: 'INVALID_CIPHERTEXT' });
        expect(await ada.door(device).query(operations.project, { id })).toBeNull();
      }
    });
  });

  it('opens with the passphrase what whoami hands out', async () => {
    const signedIn = await Account.signIn({ url: ada.url }, ada.email, ada.passphrase);
    expect(signedIn.symmetricKey).toEqual(ada.account.symmetricKey);
    await expect(openSymmetricKey(signedIn.view.encSymmetricKey, '0'.repeat(64))).rejects.toThrow();
    await signedIn.signOut();
  });
});

/** Says how long its body will be and waits for the answer: who sends it may find the line cut before the answer is read. */
function announced(url: string, length: number, token: string): Promise<{ status: number; body: unknown }> {
  const headers = { 'content-type': 'application/json', 'content-length': length, 'x-session-id': token };
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', headers, agent: false }, (reply) => {
      let text = '';
      reply.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      reply.on('end', () => {
        outgoing.destroy();
        resolve({ status: reply.statusCode!, body: JSON.parse(text) as unknown });
      });
    });
    outgoing.on('error', reject).flushHeaders();
  });
}

const byId = <T extends { id: string }>(items: readonly T[]) =>
  [...items].sort((one, other) => (one.id < other.id ? -1 : 1));

/** Shape instead of values; a text that holds JSON is looked into. */
function kindsOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(kindsOf);
  if (value === null) return 'null';
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, kindsOf(member)]));
  return typeof value;
}

function withoutRequestId(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (name, member: unknown) =>
    name === 'requestId' ? 'any' : member,
  ) as unknown;
}
