import { useEffect } from 'preact/hooks';
import { navigate, usePlace } from '../router.js';
import { useSession } from '../session/session.js';
import { Page } from '../ui/page.js';
import { afterSignIn } from './after-sign-in.js';
import { SignInForm } from './sign-in-form.js';

export function SignInPage() {
  const { who } = useSession();
  const { query } = usePlace();
  useEffect(() => {
    if (who.is === 'in') navigate(afterSignIn(query), { replace: true });
  }, [who, query]);
  return (
    <Page title="Sign in" lead={who.is === 'out' ? who.notice : undefined}>
      <SignInForm />
    </Page>
  );
}
