import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { hasEnded, useSession } from '../session/session.js';
import { ErrorNote } from './error-note.js';

export interface Answers {
  readonly text: (name: string) => string;
}

interface FormProps {
  submit: string;
  busy: string;
  /** What it throws is shown; the person may try again. */
  onSubmit: (answers: Answers) => Promise<void>;
  children?: ComponentChildren;
  /** On pages where the answer to an ended session is to sign in again. */
  signedIn?: boolean;
}

export function Form({ submit, busy, onSubmit, children, signedIn = false }: FormProps) {
  const { left } = useSession();
  const [working, setWorking] = useState(false);
  const [error, setError] = useState<unknown>();
  const running = useRef(false);

  const run = async (form: HTMLFormElement) => {
    if (running.current) return;
    running.current = true;
    setWorking(true);
    setError(undefined);
    try {
      await painted(); // key work keeps the page busy for a moment
      await onSubmit(answersOf(form));
    } catch (problem) {
      if (signedIn && hasEnded(problem)) left('Your session has ended. Sign in again.');
      else setError(problem);
    } finally {
      running.current = false;
      setWorking(false);
    }
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void run(event.currentTarget);
      }}
    >
      {children}
      <ErrorNote error={error} />
      <button type="submit" data-testid="submit" aria-disabled={working}>
        {working ? <span class="spinner" aria-hidden="true" /> : null}
        {working ? busy : submit}
      </button>
      <p role="status" class="visually-hidden">
        {working ? busy : ''}
      </p>
    </form>
  );
}

function answersOf(form: HTMLFormElement): Answers {
  const data = new FormData(form);
  return {
    text: (name) => {
      const value = data.get(name);
      return typeof value === 'string' ? value : '';
    },
  };
}

const painted = () =>
  new Promise<void>((resolve) => {
    // A page in the background is not painted, and is not to wait for it.
    const timer = setTimeout(resolve, 100);
    requestAnimationFrame(() =>
      setTimeout(() => {
        clearTimeout(timer);
        resolve();
      }),
    );
  });
