import { useState } from 'preact/hooks';
import { post } from '../api/call.js';
import type { Account } from '../api/types.js';
import { changePassphrase, newRecoveryCode, type PreparedCode } from '../keys/account-flow.js';
import { useSession } from '../session/session.js';
import { Field, PassphraseField } from '../ui/field.js';
import { type Answers, Form } from '../ui/form.js';
import { day } from '../ui/time.js';
import { DevicesSection } from './devices-section.js';
import { RecoveryCodeForm } from './recovery-code-step.js';
import { SignedIn } from './signed-in.js';
import { chosenPassphrase, passphraseHint } from './sign-up-page.js';

export const SettingsPage = () => (
  <SignedIn title="Account">
    {(account) => (
      <>
        <ProfileSection account={account} />
        <DevicesSection />
        <PassphraseSection account={account} />
        <RecoverySection account={account} />
        <OperatorSection account={account} />
      </>
    )}
  </SignedIn>
);

function ProfileSection({ account }: { account: Account }) {
  const name = `${account.firstName} ${account.lastName}`.trim();
  return (
    <section aria-labelledby="profile">
      <h2 id="profile">Profile</h2>
      <dl>
        {name ? (
          <>
            <dt>Name</dt>
            <dd>{name}</dd>
          </>
        ) : null}
        <dt>E-mail</dt>
        <dd>
          {account.email}{' '}
          {account.emailVerified ? (
            <span class="tag good">verified</span>
          ) : (
            <span class="tag">not verified</span>
          )}
        </dd>
        <dt>Since</dt>
        <dd>{day(account.createdAt)}</dd>
        {account.operator ? (
          <>
            <dt>Role</dt>
            <dd>Operator of this installation</dd>
          </>
        ) : null}
      </dl>
      {account.emailVerified ? null : <SendVerification />}
    </section>
  );
}

function SendVerification() {
  const [sent, setSent] = useState(false);
  if (sent) return <p role="status">Sent. Open the link in the mail to verify your address.</p>;
  return (
    <Form
      submit="Send the verification mail again"
      busy="Sending …"
      signedIn
      onSubmit={async () => {
        await post('email-verification/send');
        setSent(true);
      }}
    />
  );
}

function PassphraseSection({ account }: { account: Account }) {
  const { unlocked } = useSession();
  const [changes, setChanges] = useState(0);
  const change = async ({ text }: Answers) => {
    unlocked(await changePassphrase(account, text('current'), chosenPassphrase(text('next'))));
    setChanges((count) => count + 1);
  };
  return (
    <section aria-labelledby="passphrase">
      <h2 id="passphrase">Passphrase</h2>
      <p role="status">{changes > 0 ? 'Changed. Your devices stay signed in.' : ''}</p>
      <Form key={changes} submit="Change the passphrase" busy="Making new keys …" signedIn onSubmit={change}>
        <input type="email" name="email" autocomplete="username" value={account.email} readOnly hidden />
        <PassphraseField
          label="Current passphrase"
          name="current"
          testId="passphrase"
          autocomplete="current-password"
        />
        <PassphraseField
          label="New passphrase"
          name="next"
          testId="new-passphrase"
          autocomplete="new-password"
          hint={passphraseHint}
        />
      </Form>
    </section>
  );
}

function RecoverySection({ account }: { account: Account }) {
  const [prepared, setPrepared] = useState<PreparedCode<void>>();
  const save = async () => {
    await prepared?.confirm();
    setPrepared(undefined);
  };
  return (
    <section aria-labelledby="recovery">
      <h2 id="recovery">Recovery code</h2>
      {prepared === undefined ? (
        <Form
          submit="Make a new code"
          busy="Making a new code …"
          signedIn
          onSubmit={async ({ text }) => setPrepared(await newRecoveryCode(account, text('passphrase')))}
        >
          <p>The new code is shown once. The old one ends when you have confirmed it.</p>
          <PassphraseField label="Your passphrase" name="passphrase" autocomplete="current-password" />
        </Form>
      ) : (
        <RecoveryCodeForm code={prepared.recoveryCode} onConfirmed={save} />
      )}
    </section>
  );
}

function OperatorSection({ account }: { account: Account }) {
  const { installation, changed } = useSession();
  if (account.operator || !installation?.needsOperator) return null;
  const become = async ({ text }: Answers) => {
    const made = await post<{ account: Account }>('operator', { setupCode: text('setupCode').trim() });
    changed(made.account);
  };
  return (
    <section aria-labelledby="operator">
      <h2 id="operator">Operator</h2>
      <Form submit="Become the operator" busy="Asking …" signedIn onSubmit={become}>
        <p>Nobody looks after this installation yet. Whoever has the setup code of its first start may.</p>
        <Field label="Setup code" name="setupCode" autocomplete="off" code />
      </Form>
    </section>
  );
}
