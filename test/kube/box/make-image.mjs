// node make-image.mjs --out app.tar --name tidemark:0.1.0 --layer base=FOLDER [--layer app=FOLDER …] --entrypoint '["…"]'
//   [--cmd '["…"]'] [--user 10001:10001] [--env NAME=VALUE]… [--workdir /app] [--label NAME=VALUE]…
//
// A container image (docker-archive, the format of `docker save`) from folders, without a container engine. Each --layer
// is a folder laid out as the image's root. Files belong to root, times are zero, names are sorted: the same content gives
// the same bytes. USER should be a number, or a pod with runAsNonRoot is refused.
import { createHash } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
} from 'node:fs';
import { once } from 'node:events';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { tarEnd, tarHeader, tarPadding } from './tar.mjs';

class UsageError extends Error {}

const architectures = { x64: 'amd64', arm64: 'arm64' };

/** As the kubelet looks it up: what a chart says, plus the registry that it leaves out. */
export function fullName(name) {
  const [first, ...rest] = name.split('/');
  if (!/:[\w.-]+$/.test(name.split('/').at(-1))) throw new UsageError(`an image needs a tag: ${name}`);
  if (rest.length === 0) return `docker.io/library/${name}`;
  return /[.:]/.test(first) || first === 'localhost' ? name : `docker.io/${name}`;
}

const byName = (a, b) => (a < b ? -1 : 1);

/** Every entry below a folder, parents first, in an order that does not depend on the machine. */
function* entriesOf(folder, prefix = '') {
  for (const name of readdirSync(join(folder, prefix)).sort(byName)) {
    const path = prefix ? `${prefix}/${name}` : name;
    const stat = lstatSync(join(folder, path));
    if (stat.isDirectory()) {
      yield { path: `${path}/`, type: 'directory', mode: modeOf(stat), size: 0 };
      yield* entriesOf(folder, path);
    } else if (stat.isSymbolicLink()) {
      yield { path, type: 'symlink', mode: 0o777, size: 0, target: readlinkSync(join(folder, path)) };
    } else if (stat.isFile()) {
      yield { path, type: 'file', mode: modeOf(stat), size: stat.size, source: join(folder, path) };
    } else throw new UsageError(`neither file, folder nor link: ${join(folder, path)}`);
  }
}

/** Who built the image, and with which umask, must not show: everybody may read, only root may write. */
const modeOf = ({ mode }) => (mode & 0o1000) | (mode & 0o111 ? 0o755 : 0o644) | (mode & 0o1000 ? 0o777 : 0);

/** Writes pieces to a file and knows their digest and size. */
function digesting(path) {
  const file = createWriteStream(path);
  const hash = createHash('sha256');
  let size = 0;
  return {
    async write(bytes) {
      hash.update(bytes);
      size += bytes.length;
      if (!file.write(bytes)) await once(file, 'drain');
    },
    async end() {
      file.end();
      await once(file, 'close');
      return { digest: hash.digest('hex'), size };
    },
  };
}

async function put(tar, entry) {
  await tar.write(tarHeader(entry));
  let written = 0;
  const content = entry.bytes ? [entry.bytes] : entry.source ? createReadStream(entry.source) : [];
  for await (const bytes of content) {
    written += bytes.length;
    await tar.write(bytes);
  }
  if (written !== entry.size) throw new Error(`${entry.source} changed while it was read`);
  await tar.write(tarPadding(entry.size));
}

async function makeLayer(folder, path) {
  const tar = digesting(path);
  for (const entry of entriesOf(folder)) await put(tar, entry);
  await tar.write(tarEnd);
  return { path, ...(await tar.end()) };
}

const file = (path, content) => {
  const bytes = Buffer.from(content);
  return { path, type: 'file', mode: 0o644, size: bytes.length, bytes };
};

export async function makeImage({ out, name, layers, ...config }) {
  const fullNameOf = fullName(name);
  const work = mkdtempSync(join(dirname(resolve(out)), '.image-'));
  try {
    const made = [];
    for (const [index, { label, folder }] of layers.entries()) {
      made.push({ label, ...(await makeLayer(folder, join(work, `${index}.tar`))) });
    }
    const description = JSON.stringify({
      architecture: architectures[process.arch] ?? process.arch,
      os: 'linux',
      config: {
        Entrypoint: config.entrypoint,
        ...(config.cmd && { Cmd: config.cmd }),
        ...(config.user && { User: config.user }),
        WorkingDir: config.workdir ?? '/',
        Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', ...(config.env ?? [])],
        ...(config.labels && { Labels: config.labels }),
      },
      rootfs: { type: 'layers', diff_ids: made.map(({ digest }) => `sha256:${digest}`) },
    });
    const id = createHash('sha256').update(description).digest('hex');
    // the same layer twice is one file
    const files = new Map(made.map((layer) => [`${layer.digest}.tar`, layer]));
    const tar = digesting(out);
    for (const [path, layer] of files) {
      await put(tar, { path, type: 'file', mode: 0o644, size: layer.size, source: layer.path });
    }
    await put(tar, file(`${id}.json`, description));
    const manifest = [
      { Config: `${id}.json`, RepoTags: [fullNameOf], Layers: made.map(({ digest }) => `${digest}.tar`) },
    ];
    await put(tar, file('manifest.json', JSON.stringify(manifest)));
    await tar.write(tarEnd);
    const { size } = await tar.end();
    return {
      name: fullNameOf,
      id: `sha256:${id}`,
      size,
      layers: made.map(({ label, digest, size: bytes }) => ({ label, digest, size: bytes })),
    };
  } catch (error) {
    rmSync(out, { force: true });
    throw error;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const text = { type: 'string' };
const texts = { type: 'string', multiple: true };
const options = {
  out: text,
  name: text,
  entrypoint: text,
  cmd: text,
  user: text,
  workdir: text,
  layer: texts,
  env: texts,
  label: texts,
};

function words(option, json) {
  let value;
  try {
    value = JSON.parse(json);
  } catch {
    value = undefined;
  }
  if (Array.isArray(value) && value.every((word) => typeof word === 'string')) return value;
  throw new UsageError(`--${option} is not a JSON list of words: ${json}`);
}

function layerOf(argument) {
  const [, label, folder] = /^(?:([\w-]+)=)?(.*)$/s.exec(argument);
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`not a folder: ${folder}`);
  return { label: label ?? 'layer', folder: resolve(folder) };
}

function pair(option, argument) {
  const at = argument.indexOf('=');
  if (at < 1) throw new UsageError(`--${option} wants NAME=VALUE: ${argument}`);
  return [argument.slice(0, at), argument.slice(at + 1)];
}

function read(argv) {
  let values;
  try {
    ({ values } = parseArgs({ args: argv, options }));
  } catch (error) {
    throw new UsageError(error.message);
  }
  for (const name of ['out', 'name', 'layer', 'entrypoint']) {
    if (!values[name]) throw new UsageError(`--${name} is missing`);
  }
  const { out, name, layer, entrypoint, cmd, env = [], label, ...rest } = values;
  env.forEach((each) => pair('env', each));
  return {
    out,
    name,
    ...rest,
    env,
    entrypoint: words('entrypoint', entrypoint),
    ...(cmd && { cmd: words('cmd', cmd) }),
    ...(label && { labels: Object.fromEntries(label.map((each) => pair('label', each))) }),
    layers: layer.map(layerOf),
  };
}

if (process.argv[1] && import.meta.url === pathToFileURL(resolve(process.argv[1])).href) {
  try {
    console.log(JSON.stringify(await makeImage(read(process.argv.slice(2)))));
  } catch (error) {
    console.error(`make-image: ${error.message}`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
