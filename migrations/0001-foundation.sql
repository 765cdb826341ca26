-- The house's first tables. Personal and round tables begin every key with `authority`, the office that runs the round, so that the
-- data can be spread by it. Points are int8 in units of the total's scale. Nothing here is a float or a time stamp that stands for a civil date.

create table authorities (
  authority text primary key check (authority ~ '^[a-z][a-z0-9-]{1,39}$'),
  name jsonb not null                                   -- {"zh-CN": …, "en": …}
);

create table clients (
  authority text not null references authorities,
  client text not null,
  key_digest bytea not null unique,                     -- SHA-256 of a random 256-bit key; the key itself is shown once
  scopes text[] not null,
  created_at timestamptz not null,
  revoked_at timestamptz,
  primary key (authority, client)
);

-- A scheme belongs to the installation: every office may bind a round to it. The document is stored as it was written.
create table schemes (
  digest text primary key,                              -- sha256 of the canonical parsed scheme
  scheme text not null,
  version text not null,
  status text not null check (status in ('complete', 'incomplete')),
  source text not null,
  vocabulary text not null,                             -- the text of the vocabulary version that the scheme names
  stored_at timestamptz not null,
  unique (scheme, version)
);

create table persons (
  authority text not null references authorities,
  person bigint generated always as identity,
  citizen_number_encrypted bytea not null,                 -- AES-256-GCM, bound to its row
  citizen_number_index bytea not null,                  -- keyed blind index, the same in all authorities
  name_encrypted bytea not null,
  created_at timestamptz not null,
  primary key (authority, person)
);
create unique index persons_once_per_authority on persons (authority, citizen_number_index);
create index persons_citizen_number_index on persons (citizen_number_index);

-- One row is one record of one source, or the statement that the source holds nothing (record is null).
-- Never overwritten: a correction or a change of state is a new row that supersedes the old one.
create table evidence (
  authority text not null,
  person bigint not null,
  evidence bigint generated always as identity,
  kind text not null,
  source text not null,
  state text not null check (state in ('declared', 'verified', 'rejected')),
  record jsonb,
  valid_from date,
  valid_to date,
  recorded_at timestamptz not null,
  recorded_by text not null,
  supersedes bigint constraint evidence_supersedes_check check (supersedes < evidence),
  primary key (authority, person, evidence),
  foreign key (authority, person) references persons,
  foreign key (authority, person, supersedes) references evidence (authority, person, evidence)
);
-- A request that is sent twice must not count an event twice.
create unique index evidence_same_statement on evidence (authority, person, kind, source, state, md5(coalesce(record::text, ''))) where supersedes is null;
create unique index evidence_superseded_once on evidence (authority, person, supersedes) where supersedes is not null;

create table rounds (
  authority text not null references authorities,
  round text not null check (round ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
  scheme_digest text not null references schemes,
  rules text not null,                                  -- the round rules as written
  rules_digest text not null,
  as_of date not null,
  state text not null check (state in ('draft', 'open', 'closed', 'frozen', 'ranked', 'notice', 'final')),
  lot_seed_digest text,                                 -- the committed lot: sha256 of the seed, given when the round is made
  inputs_digest text,                                   -- over all frozen inputs, in the order of public numbers
  pending_records integer,                              -- what the freeze found: declared records that it left out,
  also_elsewhere integer,                               -- and applicants whom another authority knows too; none before it
  verified_run integer,                                 -- the run that was verified, and that alone is published
  created_at timestamptz not null,
  primary key (authority, round)
);

create table round_steps (                              -- who moved the round on, and when
  authority text not null,
  round text not null,
  step integer not null,
  from_state text not null,
  to_state text not null,
  taken_by text not null,
  taken_at timestamptz not null,
  primary key (authority, round, step),
  foreign key (authority, round) references rounds
);

create table applications (
  authority text not null,
  round text not null,
  application bigint generated always as identity,
  person bigint not null,
  public_number text collate "C" not null,            -- random; compared and sorted bytewise everywhere
  submitted_at timestamptz not null,
  primary key (authority, round, application),
  foreign key (authority, round) references rounds,
  foreign key (authority, person) references persons
);
create unique index applications_once_per_round on applications (authority, round, person);
create unique index applications_public_number on applications (authority, round, public_number);

create table frozen_inputs (
  authority text not null,
  round text not null,
  application bigint not null,
  document text not null,                               -- canonical JSON of the verified facts
  salt bytea not null,
  digest bytea not null,                                -- sha256(salt || blind index of the person || document)
  primary key (authority, round, application),
  foreign key (authority, round, application) references applications
);

create table runs (
  authority text not null,
  round text not null,
  run integer not null,
  state text not null check (state in ('scored', 'ranked', 'verified', 'failed')),
  engine text not null,
  scheme_digest text not null,                          -- what the run was made with; publishing compares them again
  rules_digest text not null,
  inputs_digest text not null,
  applicants integer not null,
  eligible integer,
  admitted integer,
  cut_off bigint[],                                     -- chain of the last admitted, none if nobody is
  at_line integer,                                      -- how many share the chain at the quota's last place; 0 if the line falls between two chains
  lot_seed text,
  findings jsonb,                                       -- what the verifier found last
  failures jsonb not null default '[]',                 -- each report of a verification that did not hold, with its time; only added to
  seconds jsonb not null,                               -- by stage
  started_at timestamptz not null,
  finished_at timestamptz,
  primary key (authority, round, run),
  foreign key (authority, round) references rounds
);

create table entries (
  authority text not null,
  round text not null,
  run integer not null,
  application bigint not null,
  eligible text not null check (eligible in ('yes', 'no', 'undetermined')),
  total bigint,                                         -- in units of the total's scale; none when it is not known
  items bigint[] not null,                              -- in the scheme's order, each in units of its own scale; null where not known
  reasons jsonb not null,
  missing text[] not null,
  chain bigint[],                                       -- the order keys, first key first; only for the eligible
  rank integer,
  admitted boolean not null default false,
  lot bytea,                                            -- the lot drawn at the line
  primary key (authority, round, run, application),
  foreign key (authority, round, run) references runs,
  check (array_position(chain, null) is null)           -- a key without value makes the applicant undetermined, never a null in the chain
);

create table editions (
  authority text not null,
  round text not null,
  edition integer not null,
  kind text not null check (kind in ('notice', 'final')),
  run integer not null,
  document text not null,                               -- canonical JSON
  digest text not null,
  supersedes text,                                      -- digest of the edition before
  reason text not null,
  sealed_by text not null,
  sealed_at timestamptz not null,
  primary key (authority, round, edition),
  foreign key (authority, round, run) references runs
);

create table edition_entries (                          -- the published list, ready to be paged
  authority text not null,
  round text not null,
  edition integer not null,
  position integer not null,
  rank integer not null,
  public_number text collate "C" not null,
  name_masked text not null,
  total text not null,
  primary key (authority, round, edition, position),
  foreign key (authority, round, edition) references editions deferrable initially deferred
);

create unique index edition_entries_public_number on edition_entries (authority, round, edition, public_number);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% of table % is refused: what is recorded or sealed never changes', tg_op, tg_table_name using errcode = 'SP001';
end $$;

create trigger schemes_never_truncated before truncate on schemes execute function refuse_change();
create trigger evidence_never_truncated before truncate on evidence execute function refuse_change();
create trigger editions_never_truncated before truncate on editions execute function refuse_change();
create trigger edition_entries_never_truncated before truncate on edition_entries execute function refuse_change();
create trigger frozen_inputs_never_truncated before truncate on frozen_inputs execute function refuse_change();
create trigger frozen_inputs_never_change before update or delete on frozen_inputs for each row execute function refuse_change();
create trigger round_steps_never_change before update or delete on round_steps for each row execute function refuse_change();

-- What a round is bound to is settled while it is a draft.
create trigger rounds_stay_bound before update of scheme_digest, rules, rules_digest, as_of, lot_seed_digest on rounds
  for each row when (old.state <> 'draft') execute function refuse_change();

-- The entries of an edition are written before it, in one transaction; afterwards none can be added.
create function refuse_late_entry() returns trigger language plpgsql as $$
begin
  if exists (select from editions e where e.authority = new.authority and e.round = new.round and e.edition = new.edition) then
    raise exception 'an entry of a sealed edition is refused: what is sealed never changes' using errcode = 'SP001';
  end if;
  return new;
end $$;
create trigger edition_entries_never_late before insert on edition_entries for each row execute function refuse_late_entry();

create trigger schemes_never_change before update or delete on schemes for each row execute function refuse_change();
create trigger evidence_never_changes before update on evidence for each row execute function refuse_change();
create trigger editions_never_change before update or delete on editions for each row execute function refuse_change();
create trigger edition_entries_never_change before update or delete on edition_entries for each row execute function refuse_change();
