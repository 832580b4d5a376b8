// Compiles one project from src/ to dist/, file by file: node scripts/build-project.mjs libs/orgs
// What only tests use (specs, contract suites) is left out; other files (SQL, JSON, pages) are copied.
import { transformFile } from '@swc/core';
import { copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';

const onlyForTests = /\.(spec|contract)\.ts$/;

async function compile(source, target) {
  const output = target.replace(/\.ts$/, '.js');
  const sourceFileName = relative(dirname(output), source);
  const { code, map } = await transformFile(source, { sourceFileName });
  await writeFile(output, `${code}\n//# sourceMappingURL=${basename(output)}.map\n`);
  if (map) await writeFile(`${output}.map`, map);
}

async function buildProject(project) {
  const [from, to] = [join(project, 'src'), join(project, 'dist')];
  await rm(to, { recursive: true, force: true });
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || onlyForTests.test(entry.name)) continue;
    const source = join(entry.parentPath, entry.name);
    const target = join(to, relative(from, source));
    await mkdir(dirname(target), { recursive: true });
    await (/\.ts$/.test(entry.name) ? compile(source, target) : copyFile(source, target));
  }
}

await buildProject(process.argv[2]);
