import { useState } from 'preact/hooks';

interface CopyProps {
  text: string;
  label: string;
  testId?: string;
  rows?: number;
  large?: boolean;
}

/** A text that is there to be copied, by button or by hand. */
export function Copy({ text, label, testId, rows = 1, large = false }: CopyProps) {
  const [said, setSaid] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('Copied.');
    } catch {
      setSaid('Select it and copy it by hand.');
    }
  };
  return (
    <div class="copy">
      <textarea
        readOnly
        rows={rows}
        class={large ? 'code large' : 'code'}
        data-testid={testId}
        aria-label={label}
        spellcheck={false}
        onFocus={(event) => event.currentTarget.select()}
      >
        {text}
      </textarea>
      <div class="row">
        <button type="button" class="second" onClick={() => void copy()}>
          Copy<span class="visually-hidden"> {label}</span>
        </button>
        <span role="status" class="small">
          {said}
        </span>
      </div>
    </div>
  );
}
