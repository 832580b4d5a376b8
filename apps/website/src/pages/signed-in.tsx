import type { ComponentChildren } from 'preact';
import type { Account } from '../api/types.js';
import { useSession } from '../session/session.js';
import { ErrorNote } from '../ui/error-note.js';
import { Page } from '../ui/page.js';
import { SignInForm } from './sign-in-form.js';

interface SignedInProps {
  title: string;
  lead?: ComponentChildren;
  children: (account: Account, derivedKey: string | undefined) => ComponentChildren;
}

/** A page for people who are signed in; others sign in on it and go on where they wanted to be. */
export function SignedIn({ title, lead, children }: SignedInProps) {
  const { who, ask } = useSession();
  if (who.is === 'in')
    return (
      <Page title={title} lead={lead} wide>
        {children(who.account, who.derivedKey)}
      </Page>
    );
  if (who.is === 'out')
    return (
      <Page title="Sign in" lead={who.notice ?? `To see “${title}”.`}>
        <SignInForm />
      </Page>
    );
  return (
    <Page title={title} wide>
      {who.is === 'unreachable' ? (
        <Unreachable error={who.error} again={ask} />
      ) : (
        <p role="status">Loading …</p>
      )}
    </Page>
  );
}

export const Unreachable = ({ error, again }: { error: unknown; again: () => Promise<void> }) => (
  <>
    <ErrorNote error={error} />
    <button type="button" onClick={() => void again()}>
      Try again
    </button>
  </>
);
