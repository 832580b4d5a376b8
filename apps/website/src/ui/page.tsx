import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { post } from '../api/call.js';
import { Link, navigate, usePlace } from '../router.js';
import { useSession } from '../session/session.js';

const places = [
  ['/app/dashboard/organizations', 'Projects'],
  ['/app/settings/account', 'Account'],
] as const;

interface PageProps {
  title: string;
  lead?: ComponentChildren;
  wide?: boolean;
  /** Nothing leads away before the person is through with it. */
  alone?: boolean;
  children: ComponentChildren;
}

export function Page({ title, lead, wide = false, alone = false, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  // Who cannot see that the page has changed hears its title; who is asked something can answer at once.
  useEffect(() => {
    document.title = `${title} · Tidemark`;
    const first = document.querySelector<HTMLElement>('main [data-first]');
    (first ?? heading.current)?.focus();
  }, [title]);
  return (
    <>
      <Header alone={alone} />
      <main class={wide ? 'wide' : ''}>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {lead ? <p class="lead">{lead}</p> : null}
        {children}
      </main>
      <footer>
        <p>
          Tidemark, self-hosted. Your keys are made here, on your machine; the server never sees your
          passphrase.
        </p>
      </footer>
    </>
  );
}

function Header({ alone }: { alone: boolean }) {
  if (alone)
    return (
      <header>
        <span class="brand">
          <Mark />
          Tidemark
        </span>
      </header>
    );
  return (
    <header>
      <Link to="/app/landing-page" class="brand">
        <Mark />
        Tidemark
      </Link>
      <SignedInNav />
    </header>
  );
}

function SignedInNav() {
  const { who, left } = useSession();
  const { path } = usePlace();
  if (who.is !== 'in') return null;
  const signOut = () =>
    post('sign-out').finally(() => {
      left('You have signed out.');
      navigate('/app/sign-in');
    });
  return (
    <nav aria-label="Pages">
      {places.map(([to, name]) => (
        <Link key={to} to={to} current={path === to}>
          {name}
        </Link>
      ))}
      <button type="button" class="plain" onClick={() => void signOut().catch(() => undefined)}>
        Sign out
      </button>
    </nav>
  );
}

const Mark = () => (
  <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
    <rect width="32" height="32" rx="8" class="mark-ground" />
    <path d="M5 13q5.500-6 11 0t11 0" class="mark-wave" />
    <path d="M5 20q5.500-6 11 0t11 0" class="mark-wave low" />
  </svg>
);
