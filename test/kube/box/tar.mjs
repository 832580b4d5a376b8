// The few lines of the tar format that an image needs (POSIX.1-2001): every entry belongs to root and has time zero.

const block = 512;
const types = { file: '0', symlink: '2', directory: '5', pax: 'x' };

/** What goes before an entry's content. Long names and big files get a record of their own before it. */
export function tarHeader({ path, type, mode, size, target = '' }) {
  const split = splitPath(path);
  const records = [];
  if (!split) records.push(record('path', path));
  if (Buffer.byteLength(target) > 100) records.push(record('linkpath', target));
  if (size >= 8 ** 11) records.push(record('size', String(size)));
  const header = plainHeader({
    ...(split ?? { prefix: '', name: shortened(path) }),
    type,
    mode,
    size: size >= 8 ** 11 ? 0 : size,
    target: shortened(target),
  });
  if (records.length === 0) return header;
  const pax = Buffer.from(records.join(''));
  const before = plainHeader({
    prefix: '',
    name: 'pax',
    type: 'pax',
    mode: 0o644,
    size: pax.length,
    target: '',
  });
  return Buffer.concat([before, pax, tarPadding(pax.length), header]);
}

/** Fills the last block of an entry's content. */
export const tarPadding = (size) => Buffer.alloc((block - (size % block)) % block);

export const tarEnd = Buffer.alloc(2 * block);

/** A name of 100 bytes, or one more of 155 before it, split at a slash; undefined if neither is enough. */
function splitPath(path) {
  if (Buffer.byteLength(path) <= 100) return { prefix: '', name: path };
  for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
    if (name && Buffer.byteLength(prefix) <= 155 && Buffer.byteLength(name) <= 100) return { prefix, name };
  }
  return undefined;
}

const shortened = (text) => Buffer.from(text).subarray(0, 100).toString('latin1');

/** `<length> <key>=<value>\n`, whose length counts itself. */
function record(key, value) {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + 1;
  while (rest + String(length).length !== length) length = rest + String(length).length;
  return `${length} ${key}=${value}\n`;
}

function plainHeader({ prefix, name, type, mode, size, target }) {
  const header = Buffer.alloc(block);
  const text = (at, value) => header.write(value, at, 'utf8');
  const octal = (at, digits, value) => header.write(value.toString(8).padStart(digits, '0'), at, 'latin1');
  text(0, name);
  octal(100, 7, mode);
  octal(108, 7, 0);
  octal(116, 7, 0);
  octal(124, 11, size);
  octal(136, 11, 0);
  header.fill(' ', 148, 156);
  text(156, types[type]);
  text(157, target);
  text(257, 'ustar\u000000');
  text(345, prefix);
  const sum = header.reduce((total, byte) => total + byte, 0);
  octal(148, 6, sum);
  header[154] = 0;
  return header;
}
