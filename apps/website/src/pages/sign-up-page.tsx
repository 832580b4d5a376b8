import { isLongEnough, shortestPassphrase } from '@tidemark/e2ee';
import { useMemo, useState } from 'preact/hooks';
import { ApiError } from '../api/call.js';
import type { Installation } from '../api/types.js';
import { signUps } from '../keys/account-flow.js';
import { Link, navigate, usePlace } from '../router.js';
import { useSession } from '../session/session.js';
import { Field, PassphraseField } from '../ui/field.js';
import { type Answers, Form } from '../ui/form.js';
import { Page } from '../ui/page.js';
import { afterSignIn } from './after-sign-in.js';
import { RecoveryCodeStep } from './recovery-code-step.js';

export const passphraseHint = `At least ${shortestPassphrase} characters; four or five words that nobody would guess are good.`;

export function chosenPassphrase(passphrase: string): string {
  if (isLongEnough(passphrase)) return passphrase;
  throw new ApiError('TOO_SHORT', `The passphrase needs at least ${shortestPassphrase} characters.`);
}

export function SignUpPage() {
  const { unlocked, installation } = useSession();
  const { query } = usePlace();
  const [code, setCode] = useState<string>();
  const signUp = useMemo(signUps, []);
  if (code !== undefined)
    return (
      <RecoveryCodeStep code={code} onConfirmed={() => navigate(afterSignIn(query), { replace: true })} />
    );
  if (installation?.policy === 'closed' && !installation.needsOperator) return <Closed />;

  const create = async ({ text }: Answers) => {
    const setupCode = text('setupCode').trim();
    const made = await signUp({
      email: text('email').trim(),
      passphrase: chosenPassphrase(text('passphrase')),
      firstName: text('firstName').trim(),
      lastName: text('lastName').trim(),
      ...(setupCode ? { setupCode } : {}),
    });
    setCode(made.recoveryCode);
    unlocked(made.unlocked);
  };

  return (
    <Page title="Create an account" lead={leadFor(installation)}>
      <Form submit="Create the account" busy="Making your keys …" onSubmit={create}>
        <Field label="E-mail" name="email" type="email" testId="email" autocomplete="username" first />
        <PassphraseField
          label="Passphrase"
          name="passphrase"
          testId="passphrase"
          autocomplete="new-password"
          hint={passphraseHint}
        />
        <div class="two">
          <Field label="First name" name="firstName" autocomplete="given-name" required={false} />
          <Field label="Last name" name="lastName" autocomplete="family-name" required={false} />
        </div>
        <SetupCodeField installation={installation} />
      </Form>
      <p class="ways">
        <Link to={`/app/sign-in${query.size > 0 ? `?${query}` : ''}`}>I have an account</Link>
      </p>
    </Page>
  );
}

function leadFor(installation: Installation | undefined): string {
  if (installation?.needsOperator)
    return 'The first account looks after this installation: it becomes its operator.';
  if (installation?.policy === 'invited')
    return 'Registration is by invitation: use the address that was invited.';
  if (installation?.policy === 'domain')
    return `Registration is for addresses of ${installation.domain ?? 'one domain'}.`;
  return 'Your passphrase becomes keys in this page. It is never sent, so nobody can reset it for you.';
}

function SetupCodeField({ installation }: { installation: Installation | undefined }) {
  if (!installation?.needsOperator || installation.codeless) return null;
  return (
    <Field
      label="Setup code"
      name="setupCode"
      autocomplete="off"
      code
      required={installation.policy === 'closed'}
      hint="The server printed it when it first started, and keeps it in its data folder."
    />
  );
}

const Closed = () => (
  <Page title="Registration is closed">
    <p>
      On this installation the operator makes the accounts. Ask whoever runs it for one; they make it with{' '}
      <code>tidemark account create</code>.
    </p>
    <p class="ways">
      <Link to="/app/sign-in">I have an account</Link>
    </p>
  </Page>
);
