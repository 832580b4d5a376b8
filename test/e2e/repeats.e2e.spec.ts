import { randomBytes, randomUUID } from 'node:crypto';
import { newSymmetricKey, snapshotId, noParent, wrapFileKey } from '@tidemark/e2ee';
import { DeviceError, Http, InsomniaDoor, isUnknownOutcome, operations } from '@tidemark/device';
import { seededRandom } from '@tidemark/testing';
import { CuttingProxy } from './support/cutting-proxy.js';
import { person, type Person } from './support/people.js';

const REPEATS = 300;

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');
const sealed = () => ({
  id: hex(20),
  content: JSON.stringify({ iv: hex(12), t: hex(16), ad: '', d: hex(40) }),
});

/** Every mutation of the desktop app's door, asked again after its reply was cut at a random byte. */
describe('a mutation that is repeated after an unknown outcome', () => {
  const random = seededRandom();
  let ada: Person;
  let proxy: CuttingProxy;
  let [cut, whole]: InsomniaDoor[] = [];
  let repeats = 0;
  const duplicates: string[] = [];
  const errors: string[] = [];

  beforeAll(async () => {
    ada = await person();
    proxy = await CuttingProxy.before(ada.url, random);
    const device = await ada.device();
    whole = ada.door(device);
    cut = new InsomniaDoor(new Http(proxy.url), {
      client: 'production::linux::10.1.1',
      token: () => device.session!.id,
      ended: () => undefined,
    });
  });
  afterAll(() => proxy.close());

  /** The identical call, up to five times; every time but the last the reply is lost. */
  async function again<T>(what: string, call: () => Promise<T>): Promise<T> {
    proxy.cuts = 1 + random.below(3);
    for (let time = 1; ; time++) {
      try {
        return await call();
      } catch (error) {
        if (!isUnknownOutcome(error) || time === 5) {
          errors.push(`${what}: ${error instanceof DeviceError ? error.code : String(error)}`);
          throw error;
        }
        repeats++;
      }
    }
  }
  const once = (what: string, count: number) => {
    if (count !== 1) duplicates.push(`${what}: ${count}`);
  };

  it('has the same result, one copy and no new error', async () => {
    const { org } = ada.place;
    const fileKey = await wrapFileKey(newSymmetricKey(), ada.account.view.publicKey);
    const named = async (name: string) =>
      (await whole!.teamProjects(org)).filter((project) => project.name === name).length;

    while (repeats < REPEATS) {
      const name = `Project ${hex(6)}`;
      const { id: project } = await again('create project', () => cut!.createTeamProject(org, name));
      once('create project', await named(name));
      await again('rename project', () => cut!.renameTeamProject(org, project, `${name} renamed`));
      once('rename project', await named(`${name} renamed`));

      const file = { id: `prj_${hex(16)}`, name: 'File', rootDocumentId: `wrk_${hex(16)}` };
      const teamKeys = [{ accountId: ada.account.view.id, encSymmetricKey: fileKey, autoLinked: false }];
      const created = await again('create file', () =>
        cut!.query(operations.createProject, { ...file, teamId: org, teamProjectId: project, teamKeys }),
      );
      expect(created).toEqual(file);
      const projectId = file.id;
      const listed = await whole!.query(operations.projects, { teamId: org, teamProjectId: project });
      once('create file', listed.length);

      const blobs = [sealed(), sealed()];
      const uploaded = await again('upload', () => cut!.query(operations.blobsCreate, { projectId, blobs }));
      expect(uploaded).toEqual({ count: 2 });

      const snapshots = history(projectId, blobs);
      for (const branchName of ['master', 'forked']) {
        const taken = await again('push', () =>
          cut!.query(operations.snapshotsPush, { projectId, branchName, snapshots }),
        );
        expect(taken).toMatchObject(snapshots);
        const branch = await whole!.query(operations.branch, { projectId, branch: branchName });
        expect(branch!.snapshots).toEqual(snapshots.map(({ id }) => id));
        once('push', branch!.snapshots.length / snapshots.length);
      }
      const missing = await whole!.query(operations.missingBlobs, {
        projectId,
        ids: blobs.map(({ id }) => id),
      });
      expect(missing).toEqual({ missing: [] });

      await again('remove branch', () =>
        cut!.query(operations.removeBranch, { projectId, branch: 'forked' }),
      );
      const left = await whole!.query(operations.branches, { projectId });
      expect(left).toEqual([{ name: 'master' }]);
      if (random.below(2) === 0) {
        await again('archive', () => cut!.query(operations.projectArchive, { id: projectId }));
        expect(await whole!.query(operations.project, { id: projectId })).toBeNull();
      }
      await again('delete project', () => cut!.deleteTeamProject(org, project));
      expect(await named(`${name} renamed`)).toBe(0);
      await again('native', () => organization(proxy.url, `Organization ${name}`)).then((made) =>
        expect(made).toMatchObject({ name: `Organization ${name}` }),
      );
    }
    console.log(
      `GATE R3 repeats=${repeats} duplicates=${duplicates.length} errors=${errors.length} seed=${random.seed}`,
    );
    expect({ duplicates, errors }).toEqual({ duplicates: [], errors: [] });
  });

  const keys = new Map<string, string>();
  /** A call of the native door, which carries its own key. */
  async function organization(url: string, name: string): Promise<{ id: string; name: string }> {
    keys.set(name, keys.get(name) ?? randomUUID());
    const token = process.env['TIDEMARK_OPERATOR_TOKEN'];
    const headers = { authorization: `Bearer ${token}`, 'idempotency-key': keys.get(name)! };
    return new Http(url)
      .ask('/api/v1/organizations', { method: 'POST', headers, body: { name } })
      .then(({ status, body }) => {
        expect(status).toBe(201);
        return body as { id: string; name: string };
      });
  }
});

function history(file: string, blobs: readonly { id: string }[]) {
  let parent = noParent;
  return blobs.map(({ id: blob }, place) => {
    const id = snapshotId(file, parent, [blob]);
    const state = [{ key: 'req_1', blob, name: `Name ${place}` }];
    const created = '2026-01-02T03:04:05.678Z';
    const snapshot = {
      id,
      parent,
      created,
      author: 'acct_somebody',
      name: `Commit ${place}`,
      description: '',
      state,
    };
    parent = id;
    return snapshot;
  });
}
