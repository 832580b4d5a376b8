import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, get } from '../api/call.js';
import type { Account, Sessions } from '../api/types.js';
import { type HandOff, handOff } from '../keys/device-login.js';
import { hasEnded, useSession } from '../session/session.js';
import { Copy } from '../ui/copy.js';
import { ErrorNote } from '../ui/error-note.js';
import { Page } from '../ui/page.js';
import { DeviceLimit } from './device-limit.js';

interface StepProps {
  account: Account;
  derivedKey: string;
  loginKey: string;
}

type Step =
  | { is: 'working' }
  | { is: 'full'; sessions: Sessions }
  | { is: 'done'; handed: HandOff }
  | { is: 'failed'; error: unknown };

async function attempt(derivedKey: string, loginKey: string, end?: string): Promise<Step> {
  try {
    return { is: 'done', handed: await handOff(derivedKey, loginKey, end) };
  } catch (error) {
    const full = error instanceof ApiError && error.code === 'DEVICE_LIMIT';
    return full ? { is: 'full', sessions: await get<Sessions>('sessions') } : { is: 'failed', error };
  }
}

export function HandOffStep({ account, derivedKey, loginKey }: StepProps) {
  const { left } = useSession();
  const [step, setStep] = useState<Step>({ is: 'working' });
  const begun = useRef(false);

  const connect = useCallback(
    async (end?: string) => {
      setStep({ is: 'working' });
      const next = await attempt(derivedKey, loginKey, end).catch((error: unknown) => ({
        is: 'failed' as const,
        error,
      }));
      if (next.is === 'failed' && hasEnded(next.error)) left('Your session has ended. Sign in again.');
      else setStep(next);
    },
    [derivedKey, loginKey, left],
  );

  // One device per visit, however often the page is drawn.
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    void connect();
  }, [connect]);

  if (step.is === 'done') return <Done handed={step.handed} email={account.email} />;
  if (step.is === 'full') return <DeviceLimit sessions={step.sessions} onChosen={(id) => void connect(id)} />;
  return (
    <Page title="Connect the app">
      {step.is === 'working' ? (
        <p role="status">Connecting …</p>
      ) : (
        <>
          <ErrorNote error={step.error} />
          <button type="button" data-testid="submit" onClick={() => void connect()}>
            Try again
          </button>
        </>
      )}
    </Page>
  );
}

function Done({ handed, email }: { handed: HandOff; email: string }) {
  // Browsers may ask first, or have no app for it: hence the button and the text below.
  useEffect(() => location.assign(handed.link), [handed]);
  return (
    <Page title="Back to the app" lead={`Your browser now opens Insomnia, signed in as ${email}.`}>
      <p>
        <a class="button" href={handed.link} data-testid="open-app" data-first>
          Open Insomnia
        </a>
      </p>
      <section aria-labelledby="by-hand">
        <h2 id="by-hand">If nothing happens</h2>
        <p>
          Copy this text and paste it into the app’s login window. Only the app that opened this page can read
          it, until it is started again.
        </p>
        <Copy text={handed.token} label="login text" testId="auth-token" rows={6} />
      </section>
    </Page>
  );
}
