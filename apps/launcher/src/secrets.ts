import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { keptSecret } from '@tidemark/backing';
import { newKeyRing, readKeyRing } from '@tidemark/runtime';
import type { Settings, Surroundings } from './service-environment.js';
import { isPrivate, type Config } from './settings.js';

type Secrets = Pick<Surroundings, 'actorKey' | 'operatorToken' | 'keys'>;

/** Those that were given, else those of the first start. The key of actor contexts may be another one each time. */
export function secretsOf(config: Config, dataDir: string): Secrets {
  return {
    actorKey: config.actorKey ?? randomBytes(32).toString('base64url'),
    operatorToken:
      config.operatorToken ??
      keptSecret(dataDir, 'operator-token', () => `tm_${randomBytes(32).toString('base64url')}`),
    keys: keysUrl(config, dataDir),
  };
}

function keysUrl(config: Config, dataDir: string): string {
  const url = config.keysUrl ?? pathToFileURL(join(dataDir, 'keys.json')).href;
  if (config.keysUrl === undefined)
    keptSecret(dataDir, 'keys.json', () => newKeyRing(randomBytes(32)).trim());
  readKeyRing(url);
  return url;
}

/** Beyond this machine nobody becomes operator without it. */
export function setupCodeOf(config: Config, dataDir: string): Settings {
  if (config.setupCode !== undefined) return { TIDEMARK_SETUP_CODE: config.setupCode };
  if (isPrivate(config)) return {};
  return { TIDEMARK_SETUP_CODE: keptSecret(dataDir, 'setup-code', () => randomBytes(16).toString('hex')) };
}
