import { useEffect, useState } from 'preact/hooks';
import { ApiError, post } from '../api/call.js';
import { Link } from '../router.js';
import { useSession } from '../session/session.js';
import { ErrorNote } from '../ui/error-note.js';
import { Page } from '../ui/page.js';

type Outcome = { is: 'asking' } | { is: 'verified' } | { is: 'failed'; error: unknown };

const noToken = new ApiError(
  'NO_TOKEN',
  'The address is cut off. Open the link in the mail again, all of it.',
);

// The token stands behind the # and so never reaches a server's log; here it leaves the history as well.
function takeToken(): string {
  const token = location.hash.slice(1);
  history.replaceState(undefined, '', location.pathname);
  return token;
}

export function VerifyPage() {
  const { ask } = useSession();
  const [outcome, setOutcome] = useState<Outcome>({ is: 'asking' });
  useEffect(() => {
    const token = takeToken();
    const asked = token ? post('email-verification', { token }) : Promise.reject(noToken);
    asked.then(
      () => {
        setOutcome({ is: 'verified' });
        void ask();
      },
      (error: unknown) => setOutcome({ is: 'failed', error }),
    );
  }, [ask]);
  const title = outcome.is === 'verified' ? 'Your address is verified' : 'Verify your address';
  return (
    <Page title={title}>
      {outcome.is === 'asking' ? <p role="status">Verifying …</p> : null}
      {outcome.is === 'verified' ? <p>Thank you. The address is known to be yours now.</p> : null}
      {outcome.is === 'failed' ? (
        <>
          <ErrorNote error={outcome.error} />
          <p>You can have a new link sent to you on the account page.</p>
        </>
      ) : null}
      <p class="row">
        <Link
          to={outcome.is === 'failed' ? '/app/settings/account' : '/app/dashboard/organizations'}
          class="button"
        >
          {outcome.is === 'failed' ? 'Go to your account' : 'Go to your projects'}
        </Link>
      </p>
    </Page>
  );
}
