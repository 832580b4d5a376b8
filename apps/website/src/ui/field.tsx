import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';

interface FieldProps {
  label: string;
  name: string;
  testId?: string;
  type?: 'text' | 'email' | 'password';
  autocomplete?: string;
  hint?: ComponentChildren;
  required?: boolean;
  first?: boolean;
  value?: string;
  code?: boolean;
}

export function Field({ label, name, hint, ...rest }: FieldProps) {
  const id = useId();
  return (
    <div class="field">
      <Label id={id} text={label} optional={rest.required === false} />
      <Input id={id} name={name} hinted={hint !== undefined} {...rest} />
      <Hint id={id}>{hint}</Hint>
    </div>
  );
}

/** A passphrase that can be shown, so that it need not be typed twice. */
export function PassphraseField({ label, name, hint, ...rest }: Omit<FieldProps, 'type'>) {
  const id = useId();
  const [shown, setShown] = useState(false);
  return (
    <div class="field">
      <Label id={id} text={label} />
      <div class="with-button">
        <Input id={id} name={name} type={shown ? 'text' : 'password'} hinted={hint !== undefined} {...rest} />
        <button
          type="button"
          class="plain"
          aria-pressed={shown}
          aria-label={`Show ${label.toLowerCase()}`}
          onClick={() => setShown(!shown)}
        >
          {shown ? 'Hide' : 'Show'}
        </button>
      </div>
      <Hint id={id}>{hint}</Hint>
    </div>
  );
}

const Label = ({ id, text, optional = false }: { id: string; text: string; optional?: boolean }) => (
  <label for={id}>
    {text}
    {optional ? <span class="optional"> (optional)</span> : null}
  </label>
);

const Hint = ({ id, children }: { id: string; children: ComponentChildren }) =>
  children === undefined ? null : (
    <p class="hint" id={`${id}-hint`}>
      {children}
    </p>
  );

interface InputProps extends Omit<FieldProps, 'label' | 'hint'> {
  id: string;
  hinted: boolean;
}

function Input({ id, hinted, testId, first, code, required = true, type = 'text', ...rest }: InputProps) {
  const attributes = {
    id,
    required,
    'data-testid': testId,
    'data-first': first,
    class: code ? 'code' : undefined,
    spellcheck: false,
    autocapitalize: code ? 'characters' : 'none',
    'aria-describedby': hinted ? `${id}-hint` : undefined,
    ...rest,
  } as const;
  if (type === 'email') return <input type="email" {...attributes} />;
  return type === 'password' ? (
    <input type="password" {...attributes} />
  ) : (
    <input type="text" {...attributes} />
  );
}
