// Compiles one project from src/ to dist/, file by file: node scripts/build-project.mjs libs/orgs
// What only tests use (specs, contract suites) is left out; other files (SQL, JSON, pages) are copied.
import { transformFile } from '@swc/core';
import { copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';

const onlyForTests = /\.(spec|contract)\.ts$/;

// A program that starts meanwhile must not read half a file.
async function put(file, text) {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

async function compile(source, target) {
  const output = target.replace(/\.ts$/, '.js');
  const { code, map } = await transformFile(source, { sourceFileName: relative(dirname(output), source) });
  await put(`${output}.map`, map);
  await put(output, `${code}\n//# sourceMappingURL=${basename(output)}.map\n`);
  return [output, `${output}.map`];
}

async function copy(source, target) {
  await copyFile(source, target);
  return [target];
}

async function filesIn(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function buildProject(project) {
  const [from, to] = [join(project, 'src'), join(project, 'dist')];
  const made = new Set();
  await mkdir(to, { recursive: true });
  for (const source of (await filesIn(from)).filter((file) => !onlyForTests.test(file))) {
    const target = join(to, relative(from, source));
    await mkdir(dirname(target), { recursive: true });
    const outputs = source.endsWith('.ts') ? compile(source, target) : copy(source, target);
    for (const output of await outputs) made.add(output);
  }
  for (const file of await filesIn(to)) if (!made.has(file)) await rm(file);
}

await buildProject(process.argv[2]);
