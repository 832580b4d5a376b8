import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statfsSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ask } from './kit/client.js';
import { clusterOf, freshFolder, nothingLeft, refused, start, type Standalone } from './kit/standalone.js';

/** One line for a person, and nothing that only its author understands. */
const oneClearLine = (about: RegExp) => [
  expect.stringMatching(
    new RegExp(`^tidemark: (?=.*${about.source})(?!.*\\bat \\S+:\\d+:\\d+)`, about.flags),
  ),
];

describe('a start that cannot succeed says so in one line, and harms nothing', () => {
  const dataDir = freshFolder();
  let name: string;
  let id: string;

  const serves = async ({ api, token }: Standalone) => {
    const response = await fetch(new URL(`/api/v1/organizations/${id}`, api), {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await response.json()).toMatchObject({ id, name });
  };
  const startsAgain = async () => {
    const product = await start(dataDir);
    await serves(product);
    expect((await product.program.stop()).code).toBe(0);
  };

  beforeAll(async () => {
    const product = await start(dataDir);
    name = 'Still here';
    const { body } = await ask(product.api, product.token, {
      method: 'POST',
      path: '/api/v1/organizations',
      key: 'k',
      name,
    });
    id = String(body['id']);
    await product.program.stop();
  }, 120_000);

  afterAll(async () => {
    await nothingLeft(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  }, 90_000);

  it('when its port is taken: 3', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const { code, said } = await refused(dataDir, { TIDEMARK_PORT: String(port) });
    await new Promise((resolve) => server.close(resolve));
    expect(said).toEqual(oneClearLine(new RegExp(`${port}`)));
    expect(code).toBe(3);
    await startsAgain();
  }, 120_000);

  it('when its data folder is taken: 3, and whoever has it goes on', async () => {
    const holder = await start(dataDir);
    const { code, said } = await refused(dataDir);
    expect(said).toEqual(oneClearLine(new RegExp(`${dataDir}.*${holder.pid}`)));
    expect(code).toBe(3);
    await serves(holder);
    expect((await holder.program.stop()).code).toBe(0);
  }, 120_000);

  it.each([
    ['TIDEMARK_PORT', 'http'],
    ['TIDEMARK_DATABASE_URL', 'mysql://db/x'],
    ['TIDEMARK_DATA_DIRR', '/tmp'],
  ])(
    'when %s is %p: 2, and it has touched nothing',
    async (variable, value) => {
      const empty = freshFolder();
      const { code, said } = await refused(empty, { [variable]: value });
      expect(said).toEqual(oneClearLine(new RegExp(variable)));
      expect(code).toBe(2);
      expect(readdirSync(empty)).toEqual([]);
      rmSync(empty, { recursive: true });
    },
    60_000,
  );

  it.each([
    ['its control file is cut', 'global/pg_control', (path: string) => truncateSync(path, 100)],
    [
      'its control file is overwritten',
      'global/pg_control',
      (path: string) => writeFileSync(path, Buffer.alloc(8192, 7)),
    ],
    ['it belongs to another version', 'PG_VERSION', (path: string) => writeFileSync(path, '9.6\n')],
  ])(
    'when its data is damaged because %s: 4, and what is repaired is there again',
    async (_, file, damage) => {
      const path = join(clusterOf(dataDir), file);
      const whole = readFileSync(path);
      damage(path);
      const damaged = readFileSync(path);
      const { code, said } = await refused(dataDir);
      expect(said).toEqual(oneClearLine(/damaged/));
      expect(code).toBe(4);
      expect(readFileSync(path)).toEqual(damaged);
      writeFileSync(path, whole);
      await startsAgain();
    },
    120_000,
  );

  it('when the disk is full: 5, at the first start and later, and room is all that it needs', async () => {
    const disk = smallDisk('24m');
    if (!disk) return;
    try {
      const first = await refused(disk.folder);
      expect(first.said).toEqual(oneClearLine(/disk is full/));
      expect(first.code).toBe(5);
      disk.resize('400m');
      await (await start(disk.folder)).program.stop();

      const { bavail, bsize } = statfsSync(disk.folder);
      const ballast = join(disk.folder, 'ballast');
      writeFileSync(ballast, Buffer.alloc(bavail * bsize));
      const later = await refused(disk.folder);
      expect(later.said).toEqual(oneClearLine(/disk is full/));
      expect(later.code).toBe(5);
      rmSync(ballast);
      expect((await (await start(disk.folder)).program.stop()).code).toBe(0);
    } finally {
      await nothingLeft(disk.folder);
      disk.remove();
    }
  }, 180_000);
});

/** A file system of that size in memory. Only root may make one; without it nothing here is proven, and that is said. */
function smallDisk(size: string): { folder: string; resize(size: string): void; remove(): void } | undefined {
  const folder = freshFolder();
  const mount = (...args: string[]) => spawnSync('mount', args).status === 0;
  if (!mount('-t', 'tmpfs', '-o', `size=${size},mode=755`, 'tmpfs', folder)) {
    rmSync(folder, { recursive: true });
    console.log('GATE disk-full NOT RUN: no right to mount a small file system');
    return undefined;
  }
  return {
    folder,
    resize: (wanted) => expect(mount('-o', `remount,size=${wanted}`, folder)).toBe(true),
    remove: () => {
      spawnSync('umount', [folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
