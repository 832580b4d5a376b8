import { globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Account, Device, MemoryStore, type DeviceFile, type Place } from '@tidemark/device';
import { freshFolder, nothingLeft, start, startArmed, type Standalone } from './kit/standalone.js';

const root = join(import.meta.dirname, '..', '..');

/** Needs more files than one transaction takes; proven where transactions are made small, in libs/branches. */
const elsewhere = ['archive-project.between-batches'];

/** Every place of the product at which a process can be told to end itself. */
const places = globSync('libs/*/src/**/*.ts', { cwd: root })
  .filter((file) => !file.endsWith('.spec.ts'))
  .flatMap((file) => [...readFileSync(join(root, file), 'utf8').matchAll(/\bfailpoint\('([\w.-]+)'\)/g)])
  .map(([, name]) => name!)
  .filter((name) => !elsewhere.includes(name))
  .sort();

const stepOf = (place: string) => place.split('.')[0]!;

describe('a process that is killed', () => {
  const dataDir = freshFolder();
  let product: Standalone;
  let [device, second]: Device[] = [];
  let home: Place;
  let file: DeviceFile;

  /** The port is another one at each start. */
  const throughTheDoor = (url: string, init: RequestInit) =>
    fetch(url.replace('http://door', product.api), init);
  const opened = async (account: Account, name: string) => {
    const store = new MemoryStore();
    const made = await Device.open({ url: 'http://door', store, name, fetch: throughTheDoor });
    await made.signInWith(await account.startAppSession({ device: name }));
    return made;
  };
  const newFile = (name: string) => device!.createFile({ ...home, name });

  beforeAll(async () => {
    product = await start(dataDir);
    const person = { email: 'ada@example.org', passphrase: 'first of all passphrases' };
    const { account } = await Account.signUp({ url: product.api }, person);
    [device, second] = [await opened(account, 'pushes'), await opened(account, 'looks')];
    home = await device.home();
    file = await newFile('Killed');
    await file.push();
  }, 120_000);

  afterAll(async () => {
    await product.program.stop();
    await nothingLeft(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  }, 90_000);

  /** Works until the process ends at that place, and starts it again. What follows an acknowledged call may be hit too. */
  const killedAt = async (place: string, work: () => Promise<unknown>) => {
    expect((await product.program.stop()).code).toBe(0);
    product = await startArmed(dataDir, place);
    const worked = await work().then(
      () => true,
      () => false,
    );
    expect(await product.program.ended).toEqual({ code: null, signal: 'SIGKILL' });
    expect(product.program.stderr).toContain(`FAILPOINT ${place}`);
    product = await start(dataDir);
    return worked;
  };

  const listed = async () => (await second!.listed(home)).map(({ id }) => id);
  const masterOf = async (one: DeviceFile) => (await one.record()).branches['master']!;
  const onTheServer = async ({ id }: DeviceFile) => {
    await second!.restore();
    return masterOf(second!.file(id));
  };

  const push = async (place: string) => {
    const [before, [workspace]] = [await masterOf(file), await file.documents()];
    const _id = `req_${place}`;
    await file.put({ _id, type: 'Request', parentId: workspace!._id, name: place, url: '' });
    await file.commit(place);
    const after = await masterOf(file);
    const acknowledged = await killedAt(place, () => file.push());
    expect(acknowledged ? [after] : [before, after]).toContainEqual(await onTheServer(file));
    await file.push();
    expect(await onTheServer(file)).toEqual(after);
    expect(await second!.file(file.id).document(_id)).toMatchObject({ name: place });
  };

  /**
   * Only who asks for a record before the event of its push is heard comes by here. A push in two batches does so nearly each
   * time: the second one begins where the first one ended.
   */
  const settle = async (place: string) => {
    const [workspace] = await file.documents();
    const commits = async (round: number) => {
      for (let n = 0; n < 21; n++) {
        const _id = `req_${round}_${n}`;
        await file.put({ _id, type: 'Request', parentId: workspace!._id, name: place, url: '' });
        await file.commit(_id);
      }
    };
    await killedAt(place, async () => {
      for (let round = 0; product.program.running; round++) {
        await commits(round);
        await file.push();
      }
    });
    await file.push();
    expect(await onTheServer(file)).toEqual(await masterOf(file));
  };

  const firstPush = async (place: string) => {
    const fresh = await newFile(place);
    await killedAt(place, () => fresh.push());
    await fresh.push();
    expect(await onTheServer(fresh)).toEqual(await masterOf(fresh));
  };

  const archive = async (place: string) => {
    const fresh = await newFile(place);
    await killedAt(place, async () => {
      await fresh.push();
      await fresh.archive();
    });
    expect(await listed()).toContain(fresh.id);
    await fresh.archive();
    expect(await listed()).not.toContain(fresh.id);
  };

  const removeBranch = async (place: string) => {
    await killedAt(place, async () => {
      await file.fork('to-be-removed');
      await file.checkout('to-be-removed');
      await file.push();
      await file.checkout('master');
      await file.removeBranch('to-be-removed');
    });
    expect(await file.remoteBranches()).toContain('to-be-removed');
    await file.removeBranch('to-be-removed');
    expect(await file.remoteBranches()).not.toContain('to-be-removed');
  };

  const scenarios: Readonly<Record<string, (place: string) => Promise<void>>> = {
    'put-blobs': push,
    stage: push,
    append: push,
    accept: push,
    'create-file': firstPush,
    'archive-files': archive,
    'remove-branch': removeBranch,
  };

  it('can be killed between any two steps of what it does for files', () => {
    expect(new Set(places.map(stepOf))).toEqual(new Set(Object.keys(scenarios)));
    expect(places.length).toBeGreaterThanOrEqual(14);
  });

  it.each(places)(
    'at %s has done it or has not, and a repeat succeeds',
    (place) => (place === 'accept.after-commit' ? settle : scenarios[stepOf(place)]!)(place),
    120_000,
  );
});
