import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The folder inside `from` that directly holds a file of that name. */
export function folderWith(from: string, name: string): string {
  for (const folder of folders(from)) {
    if (statSync(join(folder, name), { throwIfNoEntry: false })) return folder;
  }
  throw new Error(`no folder in ${from} has a ${name}`);
}

function* folders(from: string, depth = 3): Generator<string> {
  yield from;
  if (depth === 0) return;
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.isDirectory()) yield* folders(join(from, entry.name), depth - 1);
  }
}
