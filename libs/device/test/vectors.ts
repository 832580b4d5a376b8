import { readFileSync } from 'node:fs';

const file = new URL('../../../test/vectors/insomnia.json', import.meta.url);

/** Of the protocol; every key in them is a throw-away test key. */
export const vectorsText = readFileSync(file, 'utf8');
