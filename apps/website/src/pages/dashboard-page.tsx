import { get } from '../api/call.js';
import type { Organization } from '../api/types.js';
import { Link, usePlace } from '../router.js';
import { useSession } from '../session/session.js';
import { Copy } from '../ui/copy.js';
import { Loaded, useLoaded } from '../ui/loaded.js';
import { SignedIn } from './signed-in.js';

const load = async () => (await get<{ items: Organization[] }>('organizations')).items;

export const DashboardPage = () => (
  <SignedIn title="Projects">
    {(account) => (
      <>
        {account.emailVerified ? null : <NotVerified />}
        <MoreOrganizations />
        <Organizations />
        <ConnectTheApp />
      </>
    )}
  </SignedIn>
);

function NotVerified() {
  const { installation } = useSession();
  return (
    <p class="note">
      Your e-mail address is not verified yet. Open the link that was sent to you, or{' '}
      <Link to="/app/settings/account">have it sent again</Link>.
      {installation?.mails ? (
        <>
          {' '}
          No mail server is set here: the mail lies <Link to="/app/mails">on this machine</Link>.
        </>
      ) : null}
    </p>
  );
}

/** Where the app sends people who want another organization. */
function MoreOrganizations() {
  const { query } = usePlace();
  if (query.get('create_org') !== 'true') return null;
  return (
    <section class="note" aria-labelledby="more">
      <h2 id="more">One organization so far</h2>
      <p>
        Organizations that several people share are not part of this release. Your own space below is one that
        nobody else can enter, and it holds as many projects as you like: make them in the app.
      </p>
    </section>
  );
}

function Organizations() {
  const { state, again } = useLoaded(load);
  return (
    <Loaded state={state} again={again}>
      {(items) =>
        items.map((organization) => <OneOrganization key={organization.id} organization={organization} />)
      }
    </Loaded>
  );
}

const OneOrganization = ({ organization: { id, name, kind, projects } }: { organization: Organization }) => (
  <section aria-labelledby={id}>
    <h2 id={id}>
      {name} <span class="tag">{kind === 'personal' ? 'yours alone' : 'shared'}</span>
    </h2>
    {projects.length > 0 ? (
      <ul class="list">
        {projects.map((project) => (
          <li key={project.id}>{project.name}</li>
        ))}
      </ul>
    ) : (
      <p class="small">No project yet: make one in the app.</p>
    )}
  </section>
);

function ConnectTheApp() {
  const { installation } = useSession();
  const lines = [
    `INSOMNIA_API_URL=${installation?.apiUrl ?? location.origin}`,
    `INSOMNIA_APP_WEBSITE_URL=${location.origin}`,
  ];
  return (
    <section aria-labelledby="connect">
      <h2 id="connect">Connect the app</h2>
      <p>Log out in Insomnia, quit it, and start it with these two variables. Then choose “Log in”.</p>
      <Copy text={lines.join('\n')} label="the two variables" rows={2} />
    </section>
  );
}
