// Answers quickly, without reading what it need not: are the packages those of the lockfile, and is the
// build that of the sources?
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './node24.mjs';

const lockfile = join(root, 'package-lock.json');
const installStamp = join(root, 'node_modules', '.tidemark-lockfile');
const installedList = join(root, 'node_modules', '.package-lock.json');
const website = ['index.html', 'integrity.mjs', 'vite.config.mjs'].map((name) => `apps/website/${name}`);
const buildInputs = ['package-lock.json', '.swcrc', 'nx.json', 'scripts/build-project.mjs', ...website];

const lockfileHash = () => createHash('sha256').update(readFileSync(lockfile)).digest('hex');

const has = (wanted, value) => [wanted].flat().includes(value);

// npm leaves out what is optional and meant for another platform, and what only that would need.
const mayBeMissing = ({ optional, os, cpu, libc }) =>
  optional && !(has(os, process.platform) && has(cpu, process.arch) && !libc);

/** Compares with the list that npm itself keeps of what it has installed. */
function sameAsInstalled() {
  const wanted = JSON.parse(readFileSync(lockfile, 'utf8')).packages;
  const present = JSON.parse(readFileSync(installedList, 'utf8')).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes('node_modules/') || entry.link) return true;
    if (!present[path]) return mayBeMissing(entry);
    return present[path].version === entry.version && present[path].integrity === entry.integrity;
  });
}

function stamped() {
  try {
    return readFileSync(installStamp, 'utf8') === lockfileHash();
  } catch {
    return false;
  }
}

export function recordInstalled() {
  try {
    writeFileSync(installStamp, lockfileHash());
  } catch {
    // In a clone that somebody else installed the comparison is simply made each time.
  }
}

/** After a failed install, so that the next start tries again whatever npm has written down. */
export function forgetInstalled() {
  for (const file of [installStamp, installedList]) rmSync(file, { force: true });
}

/** Whoever ran npm by hand left no stamp; what counts is what lies there. */
export function installed() {
  try {
    if (stamped()) return true;
    if (!sameAsInstalled()) return false;
  } catch {
    return false;
  }
  recordInstalled();
  return true;
}

function* filesIn(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else if (!entry.name.endsWith('.spec.ts')) yield path;
  }
}

const projects = () => [
  ...['apps', 'libs'].flatMap((group) => readdirSync(join(root, group)).map((name) => join(group, name))),
  'bench',
];

function* projectFiles() {
  for (const folder of projects().flatMap((project) => [join(project, 'src'), join(project, 'dist')])) {
    // A missing folder is named as well: a project without a build must not look like a built one.
    if (statSync(join(root, folder), { throwIfNoEntry: false })) yield* filesIn(join(root, folder));
    else yield join(root, folder);
  }
}

/** Names, sizes and times of all sources and of all that was built from them. */
export function buildFingerprint() {
  const hash = createHash('sha256');
  for (const file of [...buildInputs.map((name) => join(root, name)), ...projectFiles()]) {
    const found = statSync(file, { throwIfNoEntry: false });
    hash.update(`${file} ${found?.size} ${found?.mtimeMs}\n`);
  }
  return hash.digest('hex');
}
