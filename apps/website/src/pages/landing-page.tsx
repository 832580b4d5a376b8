import { Link } from '../router.js';
import { useSession } from '../session/session.js';
import { Page } from '../ui/page.js';

export function LandingPage() {
  const { who } = useSession();
  return (
    <Page
      title="Your collections, on your own server"
      lead="Tidemark keeps the collections of the Insomnia app in step on all your devices, with their whole history, encrypted before they leave your machine."
      wide
    >
      <p class="row">
        {who.is === 'in' ? (
          <Link to="/app/dashboard/organizations" class="button">
            Go to your projects
          </Link>
        ) : (
          <>
            <Link to="/app/sign-up" class="button">
              Create an account
            </Link>
            <Link to="/app/sign-in" class="button second">
              Sign in
            </Link>
          </>
        )}
      </p>
      <ol class="steps">
        <li>
          <h2>An account</h2>
          <p>Your passphrase becomes keys in this page. The server gets neither.</p>
        </li>
        <li>
          <h2>The app</h2>
          <p>Point Insomnia here with two variables, and log in. It stays the app that you know.</p>
        </li>
        <li>
          <h2>Push and pull</h2>
          <p>Every change has its place in the history; two that collide are yours to decide.</p>
        </li>
      </ol>
    </Page>
  );
}
