import type { Account } from '../api/types.js';
import { post } from '../api/call.js';
import { signIn, unlock } from '../keys/account-flow.js';
import { Link, usePlace } from '../router.js';
import { useSession } from '../session/session.js';
import { Field, PassphraseField } from '../ui/field.js';
import { Form } from '../ui/form.js';

/** Addresses of the neighbouring pages; whoever came from the app goes back to it in the end. */
function useWays() {
  const { query } = usePlace();
  const rest = query.size > 0 ? `?${query}` : '';
  return { signUp: `/app/sign-up${rest}`, recovery: `/app/recovery${rest}` };
}

export function SignInForm({ submit = 'Sign in' }: { submit?: string }) {
  const { unlocked } = useSession();
  const ways = useWays();
  return (
    <>
      <Form
        submit={submit}
        busy="Signing in …"
        onSubmit={async ({ text }) => unlocked(await signIn(text('email').trim(), text('passphrase')))}
      >
        <Field label="E-mail" name="email" type="email" testId="email" autocomplete="username" first />
        <PassphraseField
          label="Passphrase"
          name="passphrase"
          testId="passphrase"
          autocomplete="current-password"
        />
      </Form>
      <p class="ways">
        <Link to={ways.signUp}>Create an account</Link>
        <Link to={ways.recovery}>Forgot the passphrase?</Link>
      </p>
    </>
  );
}

/** For somebody signed in: the browser does not keep what the passphrase opens. */
export function UnlockForm({ account, submit }: { account: Account; submit: string }) {
  const { unlocked, left } = useSession();
  const ways = useWays();
  const other = () =>
    post('sign-out').then(
      () => left(),
      () => left(),
    );
  return (
    <>
      <Form
        submit={submit}
        busy="Opening your keys …"
        signedIn
        onSubmit={async ({ text }) => unlocked(await unlock(account, text('passphrase')))}
      >
        {/* For password managers; it is also what the passphrase belongs to. */}
        <input type="email" name="email" autocomplete="username" value={account.email} readOnly hidden />
        <PassphraseField
          label="Passphrase"
          name="passphrase"
          testId="passphrase"
          autocomplete="current-password"
          hint={`Of ${account.email}. This page forgets it as soon as you leave.`}
          first
        />
      </Form>
      <p class="ways">
        <button type="button" class="plain" onClick={() => void other()}>
          Use another account
        </button>
        <Link to={ways.recovery}>Forgot the passphrase?</Link>
      </p>
    </>
  );
}
