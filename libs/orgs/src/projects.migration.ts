import { tenantTable, type Migration } from '@tidemark/runtime';
import { byIndex } from './by-index.js';

const tables = `
  create table projects (
    org text not null,
    project text not null,
    name text not null,
    made_by text not null,
    created_at timestamptz not null,
    primary key (org, project)
  );
  ${tenantTable('projects')}
  grant select, insert, update, delete on projects to {{app}};`;

/**
 * What decides about access, of one moment and in one statement, whether or not there is such an organization or project.
 * The folded state is read here and nowhere else: an organization from before it had a kind is one for several people.
 */
const reach = `
  create function reach(of_org text, of_project text)
  returns table (owner text, kind text, project text)
  language plpgsql set search_path = {{schema}}, pg_temp set row_security = on ${byIndex} as $$
  #variable_conflict use_column
  begin
    perform set_config('app.tenant_id', of_org, true);
    return query
      select s.state->>'owner', coalesce(s.state->>'kind', 'team'), p.project
      from streams s left join projects p on p.org = of_org and p.project = of_project
      where s.org = of_org and s.stream = 'organization-' || of_org and s.state->>'status' = 'active';
  end $$;`;

/** The owner is a member before the list of members has heard of it. */
const members = `
  select m.account from members m where m.org = of_org
  union
  select s.state->>'owner' from streams s
  where s.org = of_org and s.stream = 'organization-' || of_org and s.state->>'status' = 'active'`;

/** What belongs to accounts is readable as one account at a time; here as one after the other, in one statement. */
const perMember = (name: string, parameters: string, columns: string, which: string, select: string) => `
  create function ${name}(${parameters}) returns table (${columns})
  language plpgsql set search_path = {{schema}}, pg_temp set row_security = on ${byIndex} as $$
  #variable_conflict use_column
  declare
    member text;
  begin
    perform set_config('app.tenant_id', of_org, true);
    for member in select m.account from (${members}) m ${which} order by m.account loop
      perform set_config('app.account_id', member, true);
      return query ${select};
    end loop;
  end $$;`;

const keysOfMembers = perMember(
  'keys_of_members',
  'of_org text',
  'account text, public_key text',
  '',
  'select a.account, a.public_key from accounts a where a.account = member',
);

const peopleOf = perMember(
  'people_of',
  'of_org text, of_accounts text[]',
  'account text, first_name text, last_name text, email text',
  'where m.account = any (of_accounts)',
  'select p.account, p.first_name, p.last_name, p.email from people p where p.account = member',
);

export const projectsMigration: Migration = {
  name: '210-projects',
  sql: [tables, reach, keysOfMembers, peopleOf].join('\n'),
};
