import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { messageOf } from '../errors-of.js';
import { StartError } from '../start-error.js';

/** A certificate with those that lead to its root, and its key, in PEM. */
export interface Tls {
  readonly cert: Buffer;
  readonly key: Buffer;
}

export interface TlsFiles {
  readonly tlsCert?: string | undefined;
  readonly tlsKey?: string | undefined;
}

/** Read and tried before anything connects: a wrong certificate ends the start, not the first visit. */
export function readTls({ tlsCert, tlsKey }: TlsFiles): Tls | undefined {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined)
    throw wrong('need each other', 'set both, or neither for plain http');
  const tls = { cert: contentOf('TIDEMARK_TLS_CERT', tlsCert), key: contentOf('TIDEMARK_TLS_KEY', tlsKey) };
  try {
    createSecureContext(tls);
  } catch (error) {
    throw wrong('do not fit', messageOf(error));
  }
  return tls;
}

function contentOf(variable: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new StartError('configuration', `${variable} cannot be read: ${messageOf(error)}.`);
  }
}

const wrong = (what: string, why: string) =>
  new StartError('configuration', `TIDEMARK_TLS_CERT and TIDEMARK_TLS_KEY ${what}: ${why}.`);
