import { useState } from 'preact/hooks';
import { type PreparedCode, recover, type Unlocked } from '../keys/account-flow.js';
import { Link, navigate, usePlace } from '../router.js';
import { useSession } from '../session/session.js';
import { Field, PassphraseField } from '../ui/field.js';
import { type Answers, Form } from '../ui/form.js';
import { Page } from '../ui/page.js';
import { afterSignIn } from './after-sign-in.js';
import { RecoveryCodeStep } from './recovery-code-step.js';
import { chosenPassphrase, passphraseHint } from './sign-up-page.js';

export function RecoveryPage() {
  const { unlocked } = useSession();
  const { query } = usePlace();
  const [prepared, setPrepared] = useState<PreparedCode<Unlocked>>();
  if (prepared !== undefined) {
    const finish = async () => {
      unlocked(await prepared.confirm());
      navigate(afterSignIn(query), { replace: true });
    };
    return <RecoveryCodeStep code={prepared.recoveryCode} onConfirmed={finish} />;
  }

  const restore = async ({ text }: Answers) => {
    const passphrase = chosenPassphrase(text('passphrase'));
    setPrepared(await recover({ email: text('email').trim(), code: text('code'), passphrase }));
  };

  return (
    <Page
      title="Recover your account"
      lead="With the code from your sign-up you choose a new passphrase and keep all your data. All other sessions end, and you get a new code."
    >
      <Form submit="Set the new passphrase" busy="Making your keys …" onSubmit={restore}>
        <Field label="E-mail" name="email" type="email" testId="email" autocomplete="username" first />
        <Field
          label="Recovery code"
          name="code"
          testId="recovery-code"
          autocomplete="off"
          code
          hint="Seven groups of four characters. Small letters, missing dashes and blanks do not matter."
        />
        <PassphraseField
          label="New passphrase"
          name="passphrase"
          testId="passphrase"
          autocomplete="new-password"
          hint={passphraseHint}
        />
      </Form>
      <p class="ways">
        <Link to={`/app/sign-in${query.size > 0 ? `?${query}` : ''}`}>I know my passphrase</Link>
      </p>
    </Page>
  );
}
