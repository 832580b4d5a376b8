import { accountTable, installationTable, type Migration } from '@tidemark/runtime';
import { byIndex } from './by-index.js';

/**
 * people: the one place with personal data beside `sessions`; everything else names accounts by their id.
 * accounts: what sign-in needs. `authentication` and `recovery` are keyed hashes.
 * key_history: never changed, never shortened.
 * *_index: found before it is known whose they are, hence without row security and without anything but hashes and ids.
 */
const tables = `
  create table people (
    account text primary key,
    email text not null,
    first_name text not null,
    last_name text not null
  );
  ${accountTable('people')}

  create table accounts (
    account text primary key,
    created_at timestamptz not null,
    email_verified boolean not null,
    operator boolean not null,
    kdf jsonb not null,
    authentication bytea not null,
    recovery bytea not null,
    enc_symmetric_key text not null,
    recovery_symmetric_key text not null,
    enc_private_key text not null,
    public_key text not null
  );
  ${accountTable('accounts')}

  create table key_history (
    account text not null,
    version integer not null,
    at timestamptz not null,
    public_key text not null,
    primary key (account, version)
  );
  ${accountTable('key_history')}

  create table sessions (
    account text not null,
    session text not null,
    kind text not null,
    device text not null,
    app_version text not null,
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    expires_at timestamptz not null,
    token bytea not null,
    primary key (account, session)
  );
  ${accountTable('sessions')}

  create table email_index (email bytea primary key, account text not null);
  ${installationTable('email_index')}

  create table session_index (
    token bytea primary key,
    account text not null,
    session text not null,
    expires_at timestamptz not null
  );
  create index session_index_expiry on session_index (expires_at);
  ${installationTable('session_index')}

  create table guesses (key bytea primary key, failures timestamptz[] not null, last_at timestamptz not null);
  create index guesses_age on guesses (last_at);
  ${installationTable('guesses')}

  create table mails (
    id uuid primary key,
    account text not null,
    kind text not null,
    at timestamptz not null,
    due_at timestamptz not null,
    tries integer not null default 0
  );
  create index mails_due on mails (due_at);
  ${installationTable('mails')}

  create table installation (
    only_row boolean primary key default true check (only_row),
    first_operator text,
    key_version text
  );
  insert into installation default values;
  ${installationTable('installation')}

  grant select, insert, update, delete on people, accounts, sessions, guesses, mails to {{app}};
  grant select, insert, delete on email_index, session_index to {{app}};
  grant select, insert on key_history to {{app}};
  grant select, update on installation to {{app}};`;

/** Whose token it is and what a request needs to know of them, in one statement. Seen is written now and then only. */
const authenticate = `
  create function authenticate(of_token bytea, now_is timestamptz, idle interval, with_client text)
  returns table (account text, session text, kind text, operator boolean, email_verified boolean, organizations text[])
  language plpgsql set search_path = {{schema}}, pg_temp set row_security = on ${byIndex} as $$
  #variable_conflict use_column
  declare
    whose text;
    which text;
  begin
    select i.account, i.session into whose, which from session_index i
    where i.token = of_token and i.expires_at > now_is;
    if not found then return; end if;
    perform set_config('app.account_id', whose, true);
    update sessions s
    set last_seen_at = greatest(s.last_seen_at, now_is),
      app_version = case when s.kind = 'app' and with_client <> '' then with_client else s.app_version end
    where s.account = whose and s.session = which and s.last_seen_at > now_is - idle
      and (s.last_seen_at < now_is - interval '5 minutes'
        or (s.kind = 'app' and with_client <> '' and s.app_version <> with_client));
    return query
      select a.account, s.session, s.kind, a.operator, a.email_verified,
        array(select o.org from organization_list o where o.account = whose order by o.org)
      from sessions s join accounts a on a.account = s.account
      where s.account = whose and s.session = which and s.last_seen_at > now_is - idle;
  end $$;`;

/** The same work whether the address is known or not: an account that nobody has is looked up in its place. */
const findKdf = `
  create function find_kdf(of_email bytea, nobody text) returns table (kdf jsonb)
  language plpgsql set search_path = {{schema}}, pg_temp set row_security = on ${byIndex} as $$
  #variable_conflict use_column
  declare
    whose text := coalesce((select i.account from email_index i where i.email = of_email), nobody);
  begin
    perform set_config('app.account_id', whose, true);
    return query select a.kdf from accounts a where a.account = whose;
  end $$;`;

export const accountsMigration: Migration = {
  name: '200-accounts',
  sql: [tables, authenticate, findKdf].join('\n'),
};
