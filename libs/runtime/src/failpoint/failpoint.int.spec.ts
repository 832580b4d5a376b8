import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** A package with the exports of this one, and a program that passes a place three times. */
async function place(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-failpoint-'));
  const { exports } = JSON.parse(await readFile(here('../../package.json'), 'utf8')) as {
    exports: Record<string, object>;
  };
  const manifest = { name: 'it', type: 'module', exports: { './failpoint': exports['./failpoint'] } };
  const files: Record<string, string> = {
    'package.json': JSON.stringify(manifest),
    'program.js': `import { failpoint } from 'it/failpoint';
      for (const n of [1, 2, 3]) { failpoint('other'); failpoint('here'); process.stdout.write(String(n)); }`,
  };
  for (const name of ['dist/failpoint', 'dist/config']) await mkdir(join(folder, name), { recursive: true });
  for (const name of ['failpoint/failpoint', 'failpoint/armed-failpoint', 'config/environment']) {
    const { code } = await transform(await readFile(here(`../${name}.ts`), 'utf8'), {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    });
    files[`dist/${name}.js`] = code;
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

function run(folder: string, flags: string[], wanted: string) {
  const child = spawn(process.execPath, [...flags, 'program.js'], {
    cwd: folder,
    env: { TIDEMARK_FAILPOINT: wanted },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (err += chunk));
  return new Promise<{ out: string; err: string; signal: string | null }>((done) =>
    child.on('close', (_code, signal) => done({ out, err, signal })),
  );
}

describe('a failpoint', () => {
  const armed = ['--conditions=tidemark-failpoints'];
  let folder: string;
  beforeAll(async () => {
    folder = await place();
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each([
    ['here', '', 'here'],
    ['here:3', '12', 'here'],
  ])('ends an armed process at %s', async (wanted, out, name) => {
    expect(await run(folder, armed, wanted)).toEqual({ out, err: `FAILPOINT ${name}\n`, signal: 'SIGKILL' });
  });

  it.each([
    ['one that is not passed so often', armed, 'here:4'],
    ['none', armed, ''],
    ['one, in an ordinary start', [], 'here'],
    ['one, in a start from a developer’s sources', ['--conditions=something-else'], 'here'],
  ])('lets a process live that is told %s', async (_what, flags, wanted) => {
    expect(await run(folder, flags, wanted)).toEqual({ out: '123', err: '', signal: null });
  });
});
