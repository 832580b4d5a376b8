import { E2eeError, parseLoginKey } from '@tidemark/e2ee';
import { useMemo } from 'preact/hooks';
import type { Account } from '../api/types.js';
import { usePlace } from '../router.js';
import { useSession } from '../session/session.js';
import { Page } from '../ui/page.js';
import { HandOffStep } from './hand-off-step.js';
import { SignInForm, UnlockForm } from './sign-in-form.js';
import { Unreachable } from './signed-in.js';

function keyIn(query: URLSearchParams): string | undefined {
  try {
    return parseLoginKey(query.get('loginKey') ?? '');
  } catch (error) {
    if (error instanceof E2eeError) return undefined;
    throw error;
  }
}

/** The app opens this page, and gets back a session that only it can open. */
export function HandOffPage() {
  const { query } = usePlace();
  const { who, ask } = useSession();
  const loginKey = useMemo(() => keyIn(query), [query]);
  if (loginKey === undefined) return <NoKey />;
  if (who.is === 'unreachable')
    return (
      <Page title="Connect the app">
        <Unreachable error={who.error} again={ask} />
      </Page>
    );
  if (who.is === 'unknown')
    return (
      <Page title="Connect the app">
        <p role="status">Loading …</p>
      </Page>
    );
  if (who.is === 'out')
    return (
      <Page title="Sign in to connect the app" lead={who.notice}>
        <SignInForm submit="Sign in and connect" />
      </Page>
    );
  return <Connect account={who.account} derivedKey={who.derivedKey} loginKey={loginKey} />;
}

interface ConnectProps {
  account: Account;
  derivedKey: string | undefined;
  loginKey: string;
}

const Connect = ({ account, derivedKey, loginKey }: ConnectProps) =>
  derivedKey === undefined ? (
    <Page
      title="Connect the app"
      lead={`The app that just opened this page will be signed in as ${account.email}.`}
    >
      <UnlockForm account={account} submit="Connect the app" />
    </Page>
  ) : (
    <HandOffStep account={account} derivedKey={derivedKey} loginKey={loginKey} />
  );

const NoKey = () => (
  <Page title="Open this page from the app">
    <p>
      The address of this page lacks the key by which the app recognizes its own login. In the app choose{' '}
      <strong>Log in</strong>: it opens this page with a key of its own. If you copied the address, copy all
      of it.
    </p>
  </Page>
);
