import { DashboardPage } from './pages/dashboard-page.js';
import { HandOffPage } from './pages/hand-off-page.js';
import { LandingPage } from './pages/landing-page.js';
import { MailsPage } from './pages/mails-page.js';
import { NotFoundPage } from './pages/not-found-page.js';
import { RecoveryPage } from './pages/recovery-page.js';
import { SettingsPage } from './pages/settings-page.js';
import { SignInPage } from './pages/sign-in-page.js';
import { SignUpPage } from './pages/sign-up-page.js';
import { SubscriptionPage } from './pages/subscription-page.js';
import { UnsafePlacePage } from './pages/unsafe-place-page.js';
import { VerifyPage } from './pages/verify-page.js';
import { usePlace } from './router.js';
import { SessionProvider } from './session/session.js';

/** These work with keys, which browsers allow over https and on the machine itself alone. */
const withKeys: Record<string, () => preact.JSX.Element> = {
  '/app/auth-app': HandOffPage,
  '/app/sign-up': SignUpPage,
  '/app/sign-in': SignInPage,
  '/app/recovery': RecoveryPage,
  '/app/settings/account': SettingsPage,
};

const others: Record<string, () => preact.JSX.Element> = {
  '/app': LandingPage,
  '/app/landing-page': LandingPage,
  '/app/verify': VerifyPage,
  '/app/dashboard/organizations': DashboardPage,
  '/app/mails': MailsPage,
};

function pageAt(path: string) {
  const needsKeys = withKeys[path];
  if (needsKeys) return isSecureContext ? needsKeys : UnsafePlacePage;
  if (path.startsWith('/app/subscription/')) return SubscriptionPage;
  return others[path] ?? NotFoundPage;
}

function CurrentPage() {
  const { path } = usePlace();
  const ThisPage = pageAt(path);
  return <ThisPage key={path} />;
}

export const App = () => (
  <SessionProvider>
    <CurrentPage />
  </SessionProvider>
);
