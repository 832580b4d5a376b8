import { closeSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { mkdirTraversable } from './folders.js';

const largest = 8 * 1024 * 1024;

/** What a service has logged since this start. */
export interface LogFile {
  path: string;
  text(): string;
}

export function openLog(path: string): LogFile {
  mkdirTraversable(dirname(path));
  if (sizeOf(path) > largest) renameSync(path, `${path}.old`);
  const from = sizeOf(path);
  return { path, text: () => readFrom(path, from) };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** The end is what tells: a service that ran for weeks may have logged more than we want in memory. */
function readFrom(path: string, from: number): string {
  const size = sizeOf(path);
  const start = Math.max(from, size - largest);
  if (size <= start) return '';
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(size - start);
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, start));
  } finally {
    closeSync(file);
  }
}
