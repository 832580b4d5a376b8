import { globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Account, Device, MemoryStore, operations, type DeviceFile } from '@tidemark/device';
import { freshFolder, nothingLeft, start, startArmed, type Standalone } from './kit/standalone.js';

const root = join(import.meta.dirname, '..', '..');

/** Every place of the product at which a process can be told to end itself. */
const places = globSync('libs/*/src/**/*.ts', { cwd: root })
  .filter((file) => !file.endsWith('.spec.ts'))
  .flatMap((file) => [...readFileSync(join(root, file), 'utf8').matchAll(/\bfailpoint\('([\w.-]+)'\)/g)])
  .map(([, name]) => name!)
  .sort();

describe('a push during which the process is killed', () => {
  const dataDir = freshFolder();
  let product: Standalone;
  let [device, second]: Device[] = [];
  let file: DeviceFile;

  /** The port is another one at each start. */
  const throughTheDoor = (url: string, init: RequestInit) =>
    fetch(url.replace('http://door', product.api), init);
  const opened = async (name: string) =>
    Device.open({ url: 'http://door', store: new MemoryStore(), name, fetch: throughTheDoor });

  const onTheServer = async () => {
    const asking = { query: operations.branch.query, variables: { projectId: file.id, branch: 'master' } };
    const reply = await throughTheDoor('http://door/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-session-id': device!.session!.id },
      body: JSON.stringify(asking),
    });
    const { data } = (await reply.json()) as { data: Record<string, { snapshots: string[] }> };
    return operations.branch.read(data)!.snapshots;
  };
  const onTheDevice = async () => (await file.record()).branches['master']!;

  beforeAll(async () => {
    product = await start(dataDir);
    const options = { url: product.api };
    const { account } = await Account.signUp(options, {
      email: 'ada@example.org',
      passphrase: 'first of all',
    });
    [device, second] = [await opened('the one that pushes'), await opened('the one that looks')];
    await device.signInWith(await account.startAppSession({ device: 'the one that pushes' }));
    await second.signInWith(await account.startAppSession({ device: 'the one that looks' }));
    file = await device.createFile({ ...(await device.home()), name: 'Killed' });
    await file.push();
    await product.program.stop();
  }, 120_000);

  afterAll(async () => {
    await product.program.stop();
    await nothingLeft(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  }, 90_000);

  it('can be killed between any two of its steps', () => {
    const steps = new Set(places.map((name) => name.split('.')[0]));
    expect(steps).toEqual(new Set(['put-blobs', 'stage', 'append', 'accept']));
    expect(places.length).toBeGreaterThanOrEqual(9);
  });

  it.each(places)(
    'at %s leaves the old head or the new one, and succeeds when it is repeated',
    async (place) => {
      const before = await onTheDevice();
      const [root] = await file.documents();
      await file.put({ _id: `req_${place}`, type: 'Request', parentId: root!._id, name: place, url: '' });
      await file.commit(place);

      product = await startArmed(dataDir, place);
      // What follows an acknowledged push may be killed too; then the push has succeeded.
      await file.push().catch(() => undefined);
      expect(await product.program.ended).toEqual({ code: null, signal: 'SIGKILL' });
      expect(product.program.stderr).toContain(`FAILPOINT ${place}`);

      product = await start(dataDir);
      const after = await onTheDevice();
      expect([before, after]).toContainEqual(await onTheServer());
      await file.push();
      expect(await onTheServer()).toEqual(after);
      await second!.restore();
      expect(await second!.file(file.id).document(`req_${place}`)).toMatchObject({ name: place });
      expect((await product.program.stop()).code).toBe(0);
    },
    120_000,
  );
});
