import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { hasEnded, useSession } from '../session/session.js';
import { ErrorNote } from './error-note.js';

type Load<T> = { is: 'loading' } | { is: 'loaded'; value: T } | { is: 'failed'; error: unknown };

export function useLoaded<T>(load: () => Promise<T>): { state: Load<T>; again: () => void } {
  const { left } = useSession();
  const [state, setState] = useState<Load<T>>({ is: 'loading' });
  const again = useCallback(() => {
    load().then(
      (value) => setState({ is: 'loaded', value }),
      (error: unknown) =>
        hasEnded(error) ? left('Your session has ended. Sign in again.') : setState({ is: 'failed', error }),
    );
  }, [load, left]);
  useEffect(again, [again]);
  return { state, again };
}

interface LoadedProps<T> {
  state: Load<T>;
  again: () => void;
  children: (value: T) => ComponentChildren;
}

export function Loaded<T>({ state, again, children }: LoadedProps<T>) {
  if (state.is === 'loaded') return <>{children(state.value)}</>;
  if (state.is === 'loading') return <p role="status">Loading …</p>;
  return (
    <>
      <ErrorNote error={state.error} />
      <button type="button" class="second" onClick={again}>
        Try again
      </button>
    </>
  );
}
