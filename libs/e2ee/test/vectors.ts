import { readFileSync } from 'node:fs';

/** What the desktop app was seen to compute, byte by byte. */
export const vectorsText = readFileSync(
  new URL('../../../test/vectors/insomnia.json', import.meta.url),
  'utf8',
);
