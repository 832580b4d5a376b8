import { installationTable, tenantTable, type Migration } from '@tidemark/runtime';

/**
 * streams: one row per stream with its version and folded state.
 * events: immutable for every role; what all events of one command share stands in `commits` once.
 * commits: one row per command that left events. Its `version` and `position` are those of its last event, so one small
 * update gives all its events their positions, and an event's row is never written twice.
 * No CHECK stands here: each is parsed anew by every statement, a seventh of an append (measured). What could be wrong is
 * refused by `prepareAppend`, and what would stop the log for everybody by `append_batch`.
 */
const tables = `
  create table streams (
    org text collate "C" not null,
    stream text collate "C" not null,
    version integer not null,
    schema integer not null,
    state jsonb not null,
    primary key (org, stream)
  ) with (fillfactor = 70);
  ${tenantTable('streams')}

  create table events (
    org text collate "C" not null,
    stream text collate "C" not null,
    version integer not null,
    id uuid not null,
    type text not null,
    type_version smallint not null,
    data jsonb not null,
    command uuid not null,
    primary key (org, stream, version)
  );
  ${tenantTable('events')}

  create table commits (
    org text collate "C" not null,
    command uuid not null,
    stream text collate "C" not null,
    version integer not null,
    size integer not null,
    account text not null,
    request_id text not null,
    fingerprint text not null,
    at timestamptz not null,
    position bigint,
    written_by xid8 not null default pg_current_xact_id(),
    primary key (org, command)
  );
  ${tenantTable('commits')}
  create unique index commits_position on commits (position) where position is not null;
  create index commits_waiting on commits (written_by) where position is null;

  create table log_head (only_row boolean primary key default true check (only_row), position bigint not null);
  insert into log_head (position) values (0);
  ${installationTable('log_head', 'relay')}`;

const rights = `
  grant select, insert, update on streams to {{app}};
  grant select, insert on events, commits to {{app}};
  grant select on events, commits, log_head to {{relay}};
  grant update (position) on commits, log_head to {{relay}};
  create policy relay_reads on events for select to {{relay}} using (true);
  create policy relay_reads on commits for select to {{relay}} using (true);
  create policy relay_gives_positions on commits for update to {{relay}} using (true) with check (true);`;

/** On a young table without statistics the planner would choose what is slow an hour later. */
const byIndex = 'set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off';

/**
 * The appends of a batch one after the other, streams always in the same order, so two batches cannot lock crosswise.
 * A repeat or a conflict is an outcome, not an error. Each append speaks as its own organization.
 */
const appendBatch = `
  create function append_batch(batch jsonb)
  returns table (n integer, outcome text, seen_version integer, seen_fingerprint text)
  language plpgsql set search_path = {{schema}}, pg_temp set row_security = on ${byIndex} set lock_timeout = '2s' as $$
  declare
    a record;
    size integer;
    tenant text;
  begin
    for a in
      select r.* from jsonb_to_recordset(batch) as r (
        n integer, org text, stream text, expected integer, command uuid, fingerprint text, schema integer, state jsonb,
        account text, request text, at timestamptz, events jsonb)
      order by r.org collate "C", r.stream collate "C", r.n
    loop
      tenant := set_config('app.tenant_id', a.org, true);
      size := jsonb_array_length(a.events);
      if size < 1 or a.expected < 0 then
        raise exception 'an append needs events and an expected version' using errcode = 'check_violation';
      end if;
      n := a.n;
      seen_fingerprint := null;
      if a.expected = 0 then
        insert into streams (org, stream, version, schema, state)
        select a.org, a.stream, size, a.schema, a.state
        where not exists (select from commits c where c.org = a.org and c.command = a.command)
        on conflict do nothing;
      else
        update streams s set version = a.expected + size, schema = a.schema, state = a.state
        where s.org = a.org and s.stream = a.stream and s.version = a.expected
          and not exists (select from commits c where c.org = a.org and c.command = a.command);
      end if;
      if found then
        insert into commits (org, command, stream, version, size, account, request_id, fingerprint, at)
        values (a.org, a.command, a.stream, a.expected + size, size, a.account, a.request, a.fingerprint, a.at);
        insert into events (org, stream, version, id, type, type_version, data, command)
        select a.org, a.stream, a.expected + e.place, e.id, e.type, e.version, e.data, a.command
        from rows from (jsonb_to_recordset(a.events) as (id uuid, type text, version smallint, data jsonb))
          with ordinality as e (id, type, version, data, place);
        outcome := 'appended';
        seen_version := a.expected + size;
      else
        select 'repeated', c.version, c.fingerprint into outcome, seen_version, seen_fingerprint
        from commits c where c.org = a.org and c.command = a.command;
        if not found then
          outcome := 'conflict';
          seen_version := coalesce((select s.version from streams s where s.org = a.org and s.stream = a.stream), 0);
        end if;
      end if;
      return next;
    end loop;
  end $$;`;

/** Stream and command in one statement, hence of one moment. */
const loadStream = `
  create function load_stream(of_org text, of_stream text, of_command uuid)
  returns table (version integer, schema integer, state jsonb, seen_version integer, seen_fingerprint text)
  language plpgsql set search_path = {{schema}}, pg_temp set row_security = on ${byIndex} as $$
  begin
    perform set_config('app.tenant_id', of_org, true);
    return query
      select s.version, s.schema, s.state, c.version, c.fingerprint
      from (select) as always
      left join streams s on s.org = of_org and s.stream = of_stream
      left join commits c on c.org = of_org and c.command = of_command;
  end $$;`;

const readStream = `
  create function read_stream(of_org text, of_stream text, after integer, at_most integer)
  returns table (version integer, id uuid, type text, type_version smallint, data jsonb, command uuid,
    account text, request_id text, at timestamptz)
  language plpgsql set search_path = {{schema}}, pg_temp set row_security = on ${byIndex} as $$
  begin
    perform set_config('app.tenant_id', of_org, true);
    return query
      select e.version, e.id, e.type, e.type_version, e.data, e.command, c.account, c.request_id, c.at
      from events e join commits c on c.org = e.org and c.command = e.command
      where e.org = of_org and e.stream = of_stream and e.version > after
      order by e.version limit at_most;
  end $$;`;

/**
 * The row of log_head is locked first; only then, in a statement with a snapshot of its own, what waits is numbered.
 * So a sequencer that believes it leads while another does waits here, and sees what the other one has done.
 * All commits of a stream that are visible follow the last one with a position without a gap, because an append waits
 * for the commit of the one before it; in the order of versions none can be passed over.
 *
 * `since` only saves looking again at what was settled before: while somebody holds an old snapshot, the entries of
 * numbered commits stay in the index, and each batch would pass them all. Every transaction below `settled` had ended
 * in this snapshot. The caller forgets it with its connection, because in another cluster it means nothing.
 */
const assignPositions = `
  create function assign_positions(at_most integer, since xid8)
  returns table (commits_given integer, head bigint, settled xid8)
  language plpgsql set search_path = {{schema}}, pg_temp ${byIndex} as $$
  begin
    select h.position into head from log_head h where h.only_row for update;
    with waiting as materialized (
      select c.org, c.stream, c.version, c.command, c.size from commits c
      where c.position is null and c.written_by >= since order by c.org, c.stream, c.version limit at_most
    ), numbered as (
      select w.*, sum(w.size) over (order by w.org, w.stream, w.version) as place from waiting w
    ), given as (
      update commits c set position = assign_positions.head + n.place
      from numbered n where c.org = n.org and c.command = n.command returning c.size
    )
    select count(*), assign_positions.head + coalesce(sum(g.size), 0),
      case when count(*) < at_most then pg_snapshot_xmin(pg_current_snapshot()) else since end
    into commits_given, head, settled from given g;
    if commits_given > 0 then
      update log_head h set position = assign_positions.head where h.only_row;
    end if;
    return next;
  end $$;
  revoke execute on function assign_positions from public;
  grant execute on function assign_positions to {{relay}};`;

/** A page ends after \`at_most\` events or about 8 MB of data as stored, but has at least one event. */
const readLog = `
  create function read_log(after bigint, at_most integer)
  returns table (pos bigint, org text, stream text, version integer, id uuid, type text, type_version smallint,
    data jsonb, command uuid, account text, request_id text, at timestamptz)
  language sql stable set search_path = {{schema}}, pg_temp ${byIndex} as $$
    with chosen as materialized (
      select * from commits c where c.position > after order by c.position limit at_most
    ), places as materialized (
      select e.*, s.position - s.version + e.version as pos, s.account, s.request_id, s.at
      from chosen s join events e on e.org = s.org and e.stream = s.stream
        and e.version between s.version - s.size + 1 and s.version
        and s.position - s.version + e.version > after
      order by s.position, e.version limit at_most
    ), page as (
      select p.*, sum(pg_column_size(p.data)) over (order by p.pos) - pg_column_size(p.data) as bytes_before from places p
    )
    select p.pos, p.org, p.stream, p.version, p.id, p.type, p.type_version, p.data, p.command, p.account, p.request_id, p.at
    from page p where p.bytes_before < 8000000 order by p.pos
  $$;
  revoke execute on function read_log from public;
  grant execute on function read_log to {{relay}};`;

export const eventLogMigrations: readonly Migration[] = [
  {
    name: '001-event-log',
    sql: [tables, rights, appendBatch, loadStream, readStream, assignPositions, readLog].join('\n'),
  },
];
