import type { Session, Sessions } from '../api/types.js';
import { appName } from '../ui/device-name.js';
import { ago, moment } from '../ui/time.js';
import { Page } from '../ui/page.js';

interface DeviceLimitProps {
  sessions: Sessions;
  onChosen: (session: string) => void;
}

/** Too many devices: the person says which one goes. */
export function DeviceLimit({ sessions: { items, limit }, onChosen }: DeviceLimitProps) {
  const devices = items
    .filter(({ kind }) => kind === 'app')
    .sort((one, other) => Date.parse(one.lastSeenAt) - Date.parse(other.lastSeenAt));
  return (
    <Page
      title="Which device shall go?"
      lead={`An account may be signed in on ${limit} ${limit === 1 ? 'device' : 'devices'} at once. End one of these to go on; what was not pushed from it stays on it.`}
      wide
    >
      <ul class="list" data-testid="device-list">
        {devices.map((device) => (
          <Device key={device.id} device={device} onChosen={onChosen} />
        ))}
      </ul>
    </Page>
  );
}

const Device = ({ device, onChosen }: { device: Session; onChosen: (session: string) => void }) => (
  <li>
    <div>
      <strong>{device.device}</strong>
      <p class="small">
        {appName(device.appVersion) ? `${appName(device.appVersion)}, ` : ''}last seen{' '}
        {ago(device.lastSeenAt)}, signed in {moment(device.createdAt)}
      </p>
    </div>
    <button type="button" class="second" onClick={() => onChosen(device.id)}>
      End and go on
      <span class="visually-hidden">
        : {device.device}, signed in {moment(device.createdAt)}
      </span>
    </button>
  </li>
);
