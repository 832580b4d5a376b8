import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

type LockEntry = {
  version?: string;
  integrity?: string;
  link?: boolean;
  resolved?: string;
  optionalDependencies?: Record<string, string>;
};

type Manifest = Record<'dependencies' | 'devDependencies' | 'optionalDependencies', Record<string, string>>;

const manifests = [
  'package.json',
  ...globSync('{apps,libs}/*/package.json', { cwd: root }),
  'bench/package.json',
];

const direct = manifests.flatMap((file) => {
  const { dependencies, devDependencies, optionalDependencies }: Manifest = JSON.parse(read(file));
  const all = { ...dependencies, ...devDependencies, ...optionalDependencies };
  return Object.entries(all).map(([name, version]) => ({ file, name, version }));
});

const foreign = direct.filter(({ name }) => !name.startsWith('@tidemark/'));
const lock: Record<string, LockEntry> = JSON.parse(read('package-lock.json')).packages;

describe('the dependencies', () => {
  it('are found at all', () => expect(foreign.length).toBeGreaterThan(30));

  it('are pinned exactly', () => {
    expect(direct.filter(({ version }) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });

  it('have one version everywhere', () => {
    const versions = new Map<string, string>();
    for (const { name, version } of foreign) versions.set(name, versions.get(name) ?? version);
    expect(foreign.filter(({ name, version }) => versions.get(name) !== version)).toEqual([]);
  });

  it('have a line each in docs/dependencies.md, and no line is left over', () => {
    const named = [...read('docs/dependencies.md').matchAll(/^\|([^|]+)\|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
    );
    expect(named.sort()).toEqual([...new Set(foreign.map(({ name }) => name))].sort());
  });
});

describe('the lockfile', () => {
  const packages = Object.entries(lock).filter(([path, { link }]) => path.includes('node_modules/') && !link);

  it('pins each package by checksum and names no registry', () => {
    expect(
      packages.filter(([, { integrity, resolved }]) => !integrity || resolved).map(([path]) => path),
    ).toEqual([]);
    expect(read('package-lock.json')).not.toMatch(/https?:\/\/[^"]*\.tgz/);
  });

  // npm leaves a package of another platform out of the lockfile when the registry at hand does not have it;
  // whoever installs on that platform would then miss it.
  it('holds the packages of every platform', () => {
    const optional = Object.entries(lock).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).map((name) => ({ path, name })),
    );
    expect(optional.length).toBeGreaterThan(30);
    expect(optional.filter(({ path, name }) => !found(path, name))).toEqual([]);
  });
});

/** Looks in `node_modules` beside and above, as Node does. */
function found(path: string, name: string): boolean {
  if (lock[`${path && `${path}/`}node_modules/${name}`]) return true;
  return path !== '' && found(path.replace(/\/?[^/]+$/, ''), name);
}
