import { ApiError } from '../api/call.js';
import { Copy } from '../ui/copy.js';
import { Field } from '../ui/field.js';
import { Form } from '../ui/form.js';
import { Page } from '../ui/page.js';

interface RecoveryCodeProps {
  code: string;
  onConfirmed: () => void | Promise<void>;
}

/** Shown once, and not left before it was written down. */
export const RecoveryCodeStep = (props: RecoveryCodeProps) => (
  <Page
    title="Your recovery code"
    lead="If you ever forget your passphrase, this code is the only way back to your data. It is shown this once."
    alone
  >
    <RecoveryCodeForm {...props} />
  </Page>
);

export function RecoveryCodeForm({ code, onConfirmed }: RecoveryCodeProps) {
  const lastGroup = code.split('-').at(-1) ?? code;
  const confirm = async (typed: string) => {
    const plain = (text: string) => text.toUpperCase().replace(/[\s-]/g, '');
    if (![lastGroup, plain(code)].includes(plain(typed)))
      throw new ApiError('NOT_CONFIRMED', 'That is not the last group of the code. Look at your copy of it.');
    await onConfirmed();
  };
  return (
    <>
      <Copy text={code} label="recovery code" testId="recovery-code" large />
      <p class="small">
        Write it down or put it into a password manager; not into the same place as the passphrase.
      </p>
      <Form
        submit="I have kept it"
        busy="One moment …"
        onSubmit={({ text }) => confirm(text('confirmation'))}
      >
        <Field
          label="Last four characters of the code"
          name="confirmation"
          testId="recovery-code-confirmation"
          autocomplete="off"
          code
          hint="From your own copy, so that you know you have it."
        />
      </Form>
    </>
  );
}
