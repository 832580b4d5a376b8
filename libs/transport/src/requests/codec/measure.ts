import { DEEPEST, WireFormatError } from './wire-format.js';

type Path = (string | number)[];

/**
 * How many bytes the value takes at most. Refuses what would arrive as something else, and says where it is: nothing may
 * work in one process that does not work between two. An instance of a class passes as its fields, so that a DTO may be
 * sent as it is; classes whose content is not in their fields do not.
 */
export function measure(value: unknown, path: Path = []): number {
  switch (typeof value) {
    case 'undefined':
    case 'boolean':
      return 1;
    case 'number':
      return Number.isFinite(value) ? 9 : refuse(path, 'is not a finite number');
    case 'string':
      return value.isWellFormed() ? textSize(value) : refuse(path, 'is not well-formed Unicode');
    case 'object':
      return value === null ? 1 : measureObject(value, path);
    default:
      return refuse(path, `is a ${typeof value}`);
  }
}

function measureObject(value: object, path: Path): number {
  if (value instanceof Uint8Array) return lengthSize(value.length, 0) + value.length;
  if (path.length >= DEEPEST) refuse(path, `is nested deeper than ${DEEPEST} levels, or contains itself`);
  if (Object.prototype.toString.call(value) === '[object Object]') return measureFields(value, path);
  if (!Array.isArray(value)) refuse(path, `is a ${value.constructor.name}`);
  let size = 5;
  for (const [index, item] of value.entries()) size += inside(item, index, path);
  return size;
}

function measureFields(value: object, path: Path): number {
  let size = 5;
  for (const key of Object.keys(value)) {
    if (key === '__proto__' || !key.isWellFormed()) refuse(path, 'has a field whose name cannot travel');
    size += textSize(key) + inside((value as Record<string, unknown>)[key], key, path);
  }
  return size;
}

function inside(value: unknown, key: string | number, path: Path): number {
  path.push(key);
  const size = measure(value, path);
  path.pop();
  return size;
}

function refuse(path: Path, what: string): never {
  const place = path.length > 8 ? [...path.slice(0, 8), '…'] : path;
  throw new WireFormatError(`${['value', ...place].join('.').slice(0, 80)} ${what}, which cannot travel.`);
}

const textSize = (text: string) => {
  const bytes = Buffer.byteLength(text);
  return lengthSize(bytes, 32) + bytes;
};
const lengthSize = (length: number, tiny: number) =>
  length < tiny ? 1 : length < 2 ** 8 ? 2 : length < 2 ** 16 ? 3 : 5;
