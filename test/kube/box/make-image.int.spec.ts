import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fullName, makeImage } from './make-image.mjs';

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'make-image-'));
});

afterEach(() => rmSync(dir, { recursive: true }));

const long = join('node_modules', 'a'.repeat(90), 'b'.repeat(90), 'c'.repeat(120));

/** The same content, made by another person at another time. */
function rootfs(name: string, names: string[], umask: number, time: number): string {
  const root = join(dir, name);
  const before = process.umask(umask);
  try {
    for (const path of names) {
      mkdirSync(join(root, path, '..'), { recursive: true });
      writeFileSync(join(root, path), `content of ${path}`, { mode: 0o666 });
      utimesSync(join(root, path), time, time);
    }
    chmodSync(join(root, 'bin', 'run'), 0o775 & ~umask);
    symlinkSync(`/${long}`, join(root, 'bin', 'link'));
    mkdirSync(join(root, 'tmp'));
    chmodSync(join(root, 'tmp'), 0o1777);
  } finally {
    process.umask(before);
  }
  return root;
}

const names = ['app/main.js', 'app/ä.txt', 'app-data', 'bin/run', long];

const image = (out: string, ...folders: string[]) =>
  makeImage({
    out: join(dir, out),
    name: 'tidemark:1.2.3',
    layers: folders.map((folder, index) => ({ label: `l${index}`, folder })),
    entrypoint: ['/bin/run', 'two words'],
    user: '10001:10001',
    env: ['NODE_ENV=production'],
    workdir: '/app',
  });

function unpack(archive: string): string {
  const into = mkdtempSync(join(dir, 'unpacked-'));
  execFileSync('tar', ['-xf', archive, '-C', into]);
  return into;
}

const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

interface Manifest {
  Config: string;
  RepoTags: string[];
  Layers: string[];
}

const readJson = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T;

describe('an image from a folder', () => {
  it('has the same bytes whoever made the folder, and whenever', async () => {
    await image('a.tar', rootfs('a', names, 0o022, 1));
    await image('b.tar', rootfs('b', [...names].reverse(), 0o007, 1_700_000_000));
    expect(sha256(join(dir, 'a.tar'))).toBe(sha256(join(dir, 'b.tar')));
  });

  it('has other bytes when one byte of the content is other', async () => {
    const root = rootfs('a', names, 0o022, 1);
    const first = await image('a.tar', root);
    writeFileSync(join(root, 'app', 'main.js'), 'content of app/main.jz');
    const second = await image('b.tar', root);
    expect(second.id).not.toBe(first.id);
    expect(second.layers[0]?.digest).not.toBe(first.layers[0]?.digest);
  });

  it('is what a container engine expects: a manifest, its configuration, layers by their digest', async () => {
    const other = rootfs('b', ['bin/run', 'else'], 0o022, 1);
    const said = await image('a.tar', rootfs('a', names, 0o022, 1), other);
    const at = unpack(join(dir, 'a.tar'));
    const [manifest] = readJson<Manifest[]>(join(at, 'manifest.json'));
    expect(manifest?.RepoTags).toEqual(['docker.io/library/tidemark:1.2.3']);
    const layers = manifest?.Layers ?? [];
    expect(layers.map((name) => `${sha256(join(at, name))}.tar`)).toEqual(layers);
    expect(readJson(join(at, manifest?.Config ?? ''))).toEqual({
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
      os: 'linux',
      config: {
        Entrypoint: ['/bin/run', 'two words'],
        User: '10001:10001',
        WorkingDir: '/app',
        Env: [expect.stringMatching(/^PATH=/), 'NODE_ENV=production'],
      },
      rootfs: { type: 'layers', diff_ids: said.layers.map(({ digest }) => `sha256:${digest}`) },
    });
    expect(said.id).toBe(`sha256:${sha256(join(at, manifest?.Config ?? ''))}`);
  });

  it('keeps content, links and long names; everything belongs to root, is readable, and has no time', async () => {
    const said = await image('a.tar', rootfs('a', names, 0o077, 1));
    const layer = join(unpack(join(dir, 'a.tar')), `${said.layers[0]?.digest}.tar`);
    const at = unpack(layer);
    for (const name of names) expect(readFileSync(join(at, name), 'utf8')).toBe(`content of ${name}`);
    expect(readlinkSync(join(at, 'bin', 'link'))).toBe(`/${long}`);
    expect(readdirSync(at).sort()).toEqual(['app', 'app-data', 'bin', 'node_modules', 'tmp']);

    const listed = execFileSync(
      'tar',
      ['-tvf', layer, '--numeric-owner', '--utc', '--quoting-style=literal'],
      {
        encoding: 'utf8',
      },
    );
    const lines = listed.trim().split('\n');
    for (const line of lines) expect(line).toMatch(/^\S+ 0\/0 +\d+ 1970-01-01 00:00 /);
    const modeOf = (name: string) => lines.find((line) => line.endsWith(` ${name}`))?.split(' ')[0];
    expect(modeOf('app/')).toBe('drwxr-xr-x');
    expect(modeOf('app/main.js')).toBe('-rw-r--r--');
    expect(modeOf('bin/run')).toBe('-rwxr-xr-x');
    expect(modeOf('tmp/')).toBe('drwxrwxrwt');
  });
});

describe('the name of an image', () => {
  it.each([
    ['tidemark:1', 'docker.io/library/tidemark:1'],
    ['shop/api:1', 'docker.io/shop/api:1'],
    ['localhost/pause:1', 'localhost/pause:1'],
    ['example.org:5000/a/b:1', 'example.org:5000/a/b:1'],
  ])('%s is looked up as %s', (name, full) => expect(fullName(name)).toBe(full));

  it.each([['tidemark'], ['example.org:5000/tidemark'], ['tidemark:']])('%s has no tag', (name) =>
    expect(() => fullName(name)).toThrow('needs a tag'),
  );
});

describe('the command', () => {
  const command = (...args: string[]) =>
    spawnSync(process.execPath, [join(import.meta.dirname, 'make-image.mjs'), ...args], {
      cwd: dir,
      encoding: 'utf8',
    });
  const good = ['--out', 'x.tar', '--name', 'a:1', '--layer', 'base=r', '--entrypoint', '["/x"]'];

  it('says what it made', () => {
    mkdirSync(join(dir, 'r'));
    const { stdout, status } = command(...good);
    expect([status, JSON.parse(stdout)]).toMatchObject([
      0,
      { name: 'docker.io/library/a:1', layers: [{ label: 'base' }] },
    ]);
  });

  it.each([
    ['a layer that is not there', good, 'not a folder: r'],
    [
      'an entry point of other kind',
      [...good, '--layer', '.', '--entrypoint', '/x'],
      'not a JSON list of words',
    ],
    ['an option that is none', [...good, '--users', '1'], '--users'],
    ['no name', good.slice(0, 2), '--name is missing'],
    ['an environment without a value', [...good, '--layer', '.', '--env', 'A'], 'NAME=VALUE'],
  ])('refuses %s with status 2, and leaves nothing', (_, args, told) => {
    const { stderr, status } = command(...args);
    expect([status, stderr]).toEqual([2, expect.stringContaining(told)]);
    expect(readdirSync(dir)).toEqual([]);
  });
});
