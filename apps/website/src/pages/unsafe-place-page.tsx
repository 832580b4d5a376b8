import { Page } from '../ui/page.js';

/** Over plain http browsers keep back WebCrypto, without which there are no keys. */
export function UnsafePlacePage() {
  const secure = `https://${location.hostname}`;
  return (
    <Page title="This page needs https">
      <div class="note bad" role="alert" data-testid="error">
        <p>
          It was opened over plain http at <code>{location.origin}</code>. Browsers offer cryptography to
          pages only over https or on the machine itself, so your keys cannot be made here. Nothing is wrong
          with your account.
        </p>
      </div>
      <h2>If you use this server</h2>
      <p>
        Try <a href={`${secure}/`}>{secure}</a>, or ask whoever runs it for its https address.
      </p>
      <h2>If you run this server</h2>
      <ul class="plain-list">
        <li>
          Give it a certificate: <code>TIDEMARK_TLS_CERT</code> and <code>TIDEMARK_TLS_KEY</code> name the two
          files.
        </li>
        <li>
          Or put a proxy with a certificate before it, name the proxy in <code>TIDEMARK_TRUSTED_PROXIES</code>
          , and the public address in <code>TIDEMARK_WEBSITE_URL</code> and <code>TIDEMARK_API_URL</code>.
        </li>
        <li>
          On the same machine <code>http://localhost</code> and <code>http://127.0.0.1</code> work without
          either.
        </li>
      </ul>
    </Page>
  );
}
