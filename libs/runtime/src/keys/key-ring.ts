import { hkdfSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { StartError } from '../start-error.js';

/**
 * The installation's own secrets, from one file: `{"current":"1","keys":{"1":"<32 bytes in base64>"}}`. No key is used
 * itself; each purpose has one derived from it. Versions are added when a key is to be changed, and named by what was
 * made with them.
 */
export interface KeyRing {
  readonly current: string;
  /** 32 bytes for one purpose. A version that the ring does not hold raises. */
  derive(purpose: string, version?: string): Buffer;
}

const WHAT = 'TIDEMARK_KEYS_URL must name a file {"current":"1","keys":{"1":"<32 bytes in base64>"}}';

export function readKeyRing(url: string): KeyRing {
  return keyRing(contentOf(url));
}

export function keyRing(text: string): KeyRing {
  const { current, keys } = parsed(text);
  return {
    current,
    derive(purpose, version = current) {
      const key = keys.get(version);
      if (!key) throw new Error(`The key ring has no version ${version}.`);
      return Buffer.from(hkdfSync('sha256', key, '', `tidemark ${purpose}`, 32));
    },
  };
}

/** For the first start of an installation that makes its own. */
export const newKeyRing = (random: Buffer): string =>
  `${JSON.stringify({ current: '1', keys: { 1: random.toString('base64') } })}\n`;

function contentOf(url: string): string {
  try {
    return readFileSync(fileURLToPath(url), 'utf8');
  } catch (error) {
    throw new StartError('configuration', `${WHAT}: it cannot be read (${(error as Error).message}).`);
  }
}

function parsed(text: string): { current: string; keys: ReadonlyMap<string, Buffer> } {
  const { current, keys } = fieldsOf(text);
  const entries = typeof keys === 'object' && keys !== null ? Object.entries(keys) : [];
  const ring = new Map(entries.map(([version, key]) => [version, Buffer.from(String(key), 'base64')]));
  const whole = [...ring].every(([version, key]) => /^[\w-]{1,20}$/.test(version) && key.length === 32);
  if (typeof current !== 'string' || !ring.has(current) || !whole)
    throw new StartError('configuration', `${WHAT}.`);
  return { current, keys: ring };
}

function fieldsOf(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    throw new StartError('configuration', `${WHAT}: it is not JSON.`);
  }
}
