import { get } from '../api/call.js';
import type { Mail } from '../api/types.js';
import { Loaded, useLoaded } from '../ui/loaded.js';
import { Page } from '../ui/page.js';
import { ago } from '../ui/time.js';

const load = async () => (await get<{ items: Mail[] }>('mails')).items;

/** Exists only on the machine itself while no mail server is set. */
export function MailsPage() {
  const { state, again } = useLoaded(load);
  return (
    <Page
      title="Mails"
      lead="No mail server is set, so mails are kept as files on this machine. Set TIDEMARK_SMTP_URL to have them delivered; this page is gone then."
      wide
    >
      <Loaded state={state} again={again}>
        {(items) => (items.length > 0 ? <MailList items={items} /> : <p>None yet.</p>)}
      </Loaded>
    </Page>
  );
}

const MailList = ({ items }: { items: Mail[] }) => (
  <ul class="list" data-testid="mail-list">
    {items.map((mail) => (
      <li key={mail.file}>
        <div>
          <strong>{mail.subject}</strong>
          <p class="small">
            to {mail.to}, {ago(mail.at)}
          </p>
        </div>
        {mail.link ? (
          <a class="button second" href={mail.link}>
            Open its link<span class="visually-hidden">: {mail.subject}</span>
          </a>
        ) : null}
      </li>
    ))}
  </ul>
);
