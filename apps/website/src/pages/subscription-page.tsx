import { Link } from '../router.js';
import { Page } from '../ui/page.js';

export const SubscriptionPage = () => (
  <Page title="Nothing to buy here">
    <p>
      This is a self-hosted installation: there are no plans, no payments and no limits on projects, files or
      history.
    </p>
    <p class="row">
      <Link to="/app/dashboard/organizations" class="button">
        Go to your projects
      </Link>
    </p>
  </Page>
);
