import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useMemo, useState } from 'preact/hooks';
import { ApiError, get } from '../api/call.js';
import type { Account, Installation } from '../api/types.js';
import type { Unlocked } from '../keys/account-flow.js';

export type Who =
  | { readonly is: 'unknown' }
  | { readonly is: 'unreachable'; readonly error: unknown }
  | { readonly is: 'out'; readonly notice?: string }
  | { readonly is: 'in'; readonly account: Account; readonly derivedKey?: string };

export interface SessionActions {
  /** The passphrase was typed on this page; what comes of it lives until the page is left. */
  readonly unlocked: (unlocked: Unlocked) => void;
  readonly changed: (account: Account) => void;
  readonly left: (notice?: string) => void;
  readonly ask: () => Promise<void>;
}

interface Known extends SessionActions {
  readonly who: Who;
  readonly installation: Installation | undefined;
}

const Context = createContext<Known | undefined>(undefined);

export function useSession(): Known {
  const known = useContext(Context);
  if (!known) throw new Error('useSession is for pages below SessionProvider');
  return known;
}

export const hasEnded = (error: unknown): boolean =>
  error instanceof ApiError && error.code === 'UNAUTHORIZED';

async function askServer(): Promise<Who> {
  try {
    const { account } = await get<{ account: Account }>('account');
    return { is: 'in', account };
  } catch (error) {
    return hasEnded(error) ? { is: 'out' } : { is: 'unreachable', error };
  }
}

export function SessionProvider({ children }: { children: ComponentChildren }) {
  const [who, setWho] = useState<Who>({ is: 'unknown' });
  const [installation, setInstallation] = useState<Installation>();
  const actions = useMemo<SessionActions>(
    () => ({
      unlocked: ({ account, derivedKey }) => setWho({ is: 'in', account, derivedKey }),
      changed: (account) => setWho((now) => (now.is === 'in' ? { ...now, account } : { is: 'in', account })),
      left: (notice) => setWho(notice ? { is: 'out', notice } : { is: 'out' }),
      ask: async () => setWho(await askServer()),
    }),
    [],
  );
  useEffect(() => {
    void actions.ask();
    get<Installation>('installation').then(setInstallation, () => undefined);
  }, [actions]);
  const known = useMemo(() => ({ ...actions, who, installation }), [actions, who, installation]);
  return <Context.Provider value={known}>{children}</Context.Provider>;
}
