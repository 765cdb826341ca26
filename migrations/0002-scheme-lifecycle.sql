-- A version of a scheme is a draft until a second person activates it; the next one that is activated supersedes it. A draft may be stored again with
-- other content; what was activated never changes, and its cases belong to it.

drop trigger schemes_never_change on schemes;

-- What was stored before could be used at once: of each scheme the version stored last is in force, without cases, and nobody recorded who stored it.
alter table schemes
  add column state text not null default 'superseded' check (state in ('draft', 'active', 'superseded')),
  add column cases jsonb not null default '[]',         -- the case files as they were written: [{"name": …, "text": …}]
  add column cases_digest text not null                 -- sha256 of the canonical parsed cases by name
    default 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
  add column stored_authority text references authorities, -- the client that stored it last: its author, who cannot activate it
  add column stored_client text;
update schemes set state = 'active'
  where digest in (select distinct on (scheme) digest from schemes order by scheme, stored_at desc, version desc);
alter table schemes
  alter column state drop default,
  alter column cases drop default,
  alter column cases_digest drop default;

create unique index schemes_one_active on schemes (scheme) where state = 'active';

create table scheme_steps (                             -- who moved a version on, and when
  scheme text not null,
  version text not null,
  from_state text not null,
  to_state text not null,
  other_version text,                                   -- the version that this one supersedes as it becomes active, if there is one; that by which it is superseded
  taken_authority text not null references authorities,
  taken_client text not null,
  taken_at timestamptz not null,
  primary key (scheme, version, to_state),
  foreign key (scheme, version) references schemes (scheme, version),
  foreign key (scheme, other_version) references schemes (scheme, version),
  check ((from_state, to_state) in (('draft', 'active'), ('active', 'superseded')))
);

create trigger scheme_steps_never_change before update or delete on scheme_steps for each row execute function refuse_change();
create trigger scheme_steps_never_truncated before truncate on scheme_steps execute function refuse_change();

-- A draft that stays a draft may become another one of its name and version. From then on nothing may change but the state, one step forward.
create function guard_scheme() returns trigger language plpgsql as $$
declare
  was schemes := old;
begin
  if old.state = 'draft' and new.state = 'draft' and new.scheme = old.scheme and new.version = old.version then
    return new;
  end if;
  was.state := new.state;
  if (old.state, new.state) in (('draft', 'active'), ('active', 'superseded')) and new is not distinct from was then
    return new;
  end if;
  raise exception 'a change of scheme %/% is refused: what was activated never changes', old.scheme, old.version using errcode = 'SP001';
end $$;
create trigger schemes_change_as_drafts before update on schemes for each row execute function guard_scheme();
create trigger schemes_never_deleted before delete on schemes for each row execute function refuse_change();
