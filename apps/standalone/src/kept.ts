import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { keptSecret } from '@tidemark/backing';
import {
  newKeyRing,
  readKeyRing,
  staysHere,
  type ConfigOf,
  type KeyRing,
  type RegistrationPolicy,
  type standaloneVariables,
} from '@tidemark/runtime';

export type Config = ConfigOf<typeof standaloneVariables>;

/** What the installation makes for itself at its first start, unless it is given. */
export interface Kept {
  readonly operatorToken: string;
  readonly actorKey: Buffer;
  readonly keys: KeyRing;
  readonly blobsUrl: string;
  /** Mails that are not sent are files here. */
  readonly mailDir: string;
  readonly registration: RegistrationPolicy;
  /** Who gives it becomes operator; undefined where only this machine can ask. */
  readonly setupCode: string | undefined;
}

const isPrivate = ({ host, apiUrl, websiteUrl }: Config): boolean => staysHere(host, apiUrl, websiteUrl);

/** The page that shows mails: only to people of this machine, and only where none is sent. */
export const showsMails = (config: Config): boolean => config.smtpUrl === undefined && isPrivate(config);

export function keptIn(dataDir: string, config: Config): Kept {
  const kept = (name: string, make: () => string) => keptSecret(dataDir, name, make);
  return {
    operatorToken:
      config.operatorToken ?? kept(OPERATOR_TOKEN, () => `tm_${randomBytes(32).toString('base64url')}`),
    actorKey: config.actorKey === undefined ? randomBytes(32) : Buffer.from(config.actorKey),
    keys: keyRingIn(dataDir, config),
    blobsUrl: config.blobsUrl ?? pathToFileURL(join(dataDir, 'blobs')).href,
    mailDir: config.mailDir ?? join(dataDir, 'mail'),
    registration: config.registration ?? (isPrivate(config) ? 'open' : 'closed'),
    setupCode:
      config.setupCode ??
      (isPrivate(config) ? undefined : kept(SETUP_CODE, () => randomBytes(16).toString('hex'))),
  };
}

export const OPERATOR_TOKEN = 'operator-token';
export const SETUP_CODE = 'setup-code';

function keyRingIn(dataDir: string, { keysUrl }: Config): KeyRing {
  if (keysUrl !== undefined) return readKeyRing(keysUrl);
  keptSecret(dataDir, 'keys.json', () => newKeyRing(randomBytes(32)).trim());
  return readKeyRing(pathToFileURL(join(dataDir, 'keys.json')).href);
}
