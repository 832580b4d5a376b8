import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Devices, names, request } from '../../test/devices.js';
import { storeContract } from '../../test/store.contract.js';
import { FolderStore } from './folder-store.js';

describe('a store in a folder', () => {
  const folders: string[] = [];
  const folder = async () => {
    folders.push(await mkdtemp(join(tmpdir(), 'tidemark-device-')));
    return folders.at(-1)!;
  };
  afterAll(() => Promise.all(folders.map((path) => rm(path, { recursive: true }))));

  storeContract(async () => new FolderStore(await folder()));

  it('is for its owner only', async () => {
    const path = await folder();
    await new FolderStore(path).write('a/session.json', 'secret');
    expect((await stat(join(path, 'a/session.json'))).mode & 0o077).toBe(0);
    expect((await stat(join(path, 'a'))).mode & 0o077).toBe(0);
  });

  it('leaves nothing beside what it keeps, and overlooks what a crash has left', async () => {
    const path = await folder();
    const store = new FolderStore(path);
    await store.write('a/b', 'text');
    expect(await readdir(join(path, 'a'))).toEqual(['b']);
    await writeFile(join(path, 'a', '.new-half'), 'ha');
    expect(await store.list('a')).toEqual(['b']);
  });

  it.each(['../a', '/etc/passwd', 'a//b', 'a/../b', '', '.hidden', 'a/.new-x', 'a\0b', 'a b'])(
    'refuses the path %j',
    async (path) => {
      await expect(new FolderStore(await folder()).write(path, '')).rejects.toThrow('is no path of a store');
    },
  );

  it('holds a device over a restart', async () => {
    const all = new Devices();
    const path = await folder();
    const [file] = await all.shared(await all.device(new FolderStore(path)));
    await file!.put(request(2, 'Uncommitted'));
    const again = await all.open(new FolderStore(path), 'ada-1');
    expect(await names(again.file(file!.id))).toContain('Uncommitted');
    await again.signOut({ discard: true });
    expect(await readdir(path)).toEqual(['accounts']);
    expect(await readdir(join(path, 'accounts'))).toEqual([]);
  });
});
