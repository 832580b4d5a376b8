import { useState } from 'preact/hooks';
import { get, remove } from '../api/call.js';
import type { Session, Sessions } from '../api/types.js';
import { hasEnded, useSession } from '../session/session.js';
import { appName, browserName } from '../ui/device-name.js';
import { ErrorNote } from '../ui/error-note.js';
import { Loaded, useLoaded } from '../ui/loaded.js';
import { ago, moment } from '../ui/time.js';

const load = () => get<Sessions>('sessions');

export function DevicesSection() {
  const { state, again } = useLoaded(load);
  return (
    <section aria-labelledby="devices">
      <h2 id="devices">Devices</h2>
      <Loaded state={state} again={again}>
        {(sessions) => <Devices sessions={sessions} again={again} />}
      </Loaded>
    </section>
  );
}

function Devices({ sessions: { items, current, limit }, again }: { sessions: Sessions; again: () => void }) {
  const { left } = useSession();
  const [error, setError] = useState<unknown>();
  const [said, setSaid] = useState('');
  const devices = items.filter(({ kind }) => kind === 'app');
  const browsers = items.filter(({ kind }) => kind === 'web');

  const end = async (session: Session) => {
    setError(undefined);
    try {
      await remove(`sessions/${session.id}`);
      setSaid('It is signed out.');
      again();
    } catch (problem) {
      if (hasEnded(problem)) left('Your session has ended. Sign in again.');
      else setError(problem);
    }
  };

  const list = (sessions: readonly Session[]) =>
    sessions.map((session) => (
      <Item
        key={session.id}
        session={session}
        isThis={session.id === current}
        onEnd={() => void end(session)}
      />
    ));

  return (
    <>
      <p>
        {devices.length} of {limit} devices with the app.
      </p>
      {devices.length > 0 ? (
        <ul class="list" data-testid="device-list">
          {list(devices)}
        </ul>
      ) : (
        <p class="small">None yet: choose “Log in” in the app.</p>
      )}
      <h3>Browsers</h3>
      <ul class="list" data-testid="browser-list">
        {list(browsers)}
      </ul>
      <ErrorNote error={error} />
      <p role="status">{said}</p>
    </>
  );
}

interface ItemProps {
  session: Session;
  isThis: boolean;
  onEnd: () => void;
}

function Item({ session: { kind, device, appVersion, createdAt, lastSeenAt }, isThis, onEnd }: ItemProps) {
  const name = kind === 'web' ? browserName(device) : device;
  const app = appName(appVersion);
  return (
    <li>
      <div>
        <strong>{name}</strong> {isThis ? <span class="tag good">this one</span> : null}
        <p class="small">
          {app ? `${app}, ` : ''}last seen {ago(lastSeenAt)}, signed in {moment(createdAt)}
        </p>
      </div>
      {isThis ? null : (
        <button type="button" class="second" onClick={onEnd}>
          Sign out
          <span class="visually-hidden">
            {' '}
            {name}, signed in {moment(createdAt)}
          </span>
        </button>
      )}
    </li>
  );
}
