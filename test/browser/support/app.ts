import { readFileSync } from 'node:fs';
import {
  type AppSession,
  appSession,
  type Login,
  openLogin,
  openSymmetricKey,
  type SessionAccount,
} from '@tidemark/e2ee';
import { plant } from '../../e2e/support/canaries.js';

const { sealedBox } = JSON.parse(
  readFileSync(new URL('../../vectors/insomnia.json', import.meta.url), 'utf8'),
) as { sealedBox: Record<string, string> & Record<'loginUrlV10' | 'loginUrlNewer', { url: string }> };

const keys = { publicKey: sealedBox['appPublicKeyB64'] ?? '', secretKey: sealedBox['appSecretKeyB64'] ?? '' };

/** The address that an app opens in the browser, as it writes it: the older one encodes its key twice. */
export function loginPath(version: 'older' | 'newer' = 'older'): string {
  const { pathname, search } = new URL(
    (version === 'older' ? sealedBox.loginUrlV10 : sealedBox.loginUrlNewer).url,
  );
  return pathname + search;
}

export function openAsTheApp(pasted: string): Login {
  const login = openLogin(pasted, keys);
  plant('secret', login.token, login.key);
  return login;
}

const ask = (origin: string, path: string, token: string) =>
  fetch(origin + path, {
    headers: { 'x-session-id': token, 'x-insomnia-client': 'production::linux::10.1.1' },
  });

/** What the app does with the box: it asks who it is, and opens its keys. */
export async function sessionOf(origin: string, login: Login): Promise<AppSession> {
  const response = await ask(origin, '/auth/whoami', login.token);
  const who = (await response.json()) as Omit<SessionAccount, 'id'> &
    Record<'accountId' | 'encSymmetricKey', string>;
  const symmetricKey = await openSymmetricKey(who.encSymmetricKey, login.key);
  return appSession(login.token, { ...who, id: who.accountId }, symmetricKey);
}

export async function isSignedIn(origin: string, token: string): Promise<boolean> {
  return (await ask(origin, '/auth/whoami', token)).ok;
}
