import { Link } from '../router.js';
import { Page } from '../ui/page.js';

export const NotFoundPage = () => (
  <Page title="No such page">
    <p>
      There is nothing at this address. If the app sent you here, it may be looking for something Tidemark
      does not have.
    </p>
    <p class="row">
      <Link to="/app/landing-page" class="button">
        Go to the start page
      </Link>
    </p>
  </Page>
);
