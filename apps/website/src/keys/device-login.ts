import { finishLoginLink, sealLogin } from '@tidemark/e2ee';
import { post } from '../api/call.js';
import { systemName } from '../ui/device-name.js';

export interface HandOff {
  /** For the app to open. */
  readonly link: string;
  /** To be pasted into the app. */
  readonly token: string;
}

/** A session for the app, sealed together with the derived key to the app that opened the page. */
export async function handOff(derivedKey: string, loginKey: string, end?: string): Promise<HandOff> {
  const device = `Insomnia on ${systemName() ?? 'a computer'}`;
  const ending = end ? { end } : {};
  const { token } = await post<{ token: string }>('app-sessions', { device, appVersion: '', ...ending });
  const sealed = sealLogin({ token, key: derivedKey }, loginKey);
  return { link: finishLoginLink(sealed), token: sealed };
}
