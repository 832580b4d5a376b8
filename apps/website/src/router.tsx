import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';

// Going from page to page without loading anew keeps what the person has unlocked.

const moved = 'tidemark:moved';

export function navigate(to: string, { replace = false } = {}): void {
  if (replace) history.replaceState(undefined, '', to);
  else history.pushState(undefined, '', to);
  dispatchEvent(new Event(moved));
  scrollTo(0, 0);
}

export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
}

const here = (): Place => ({
  path: location.pathname.replace(/\/+$/, '') || '/',
  query: new URLSearchParams(location.search),
});

export function usePlace(): Place {
  const [place, setPlace] = useState(here);
  useEffect(() => {
    const update = () => setPlace(here());
    for (const event of ['popstate', moved]) addEventListener(event, update);
    return () => {
      for (const event of ['popstate', moved]) removeEventListener(event, update);
    };
  }, []);
  return place;
}

interface LinkProps {
  to: string;
  children: ComponentChildren;
  class?: string;
  current?: boolean;
}

export function Link({ to, children, current, ...rest }: LinkProps) {
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    navigate(to);
  };
  return (
    <a href={to} onClick={follow} aria-current={current ? 'page' : undefined} {...rest}>
      {children}
    </a>
  );
}
