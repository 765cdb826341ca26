-- What comes after the list is out: places that were settled or lapsed, corrections by upheld objections, and calls from the reserve list. Nothing here is
-- ever changed: what is put right later is a further row, and each change of a list is a new edition.
--
-- `unit` is the household to which a place belongs: its keyed digest, or of an application without one the eight bytes of its number.

alter table editions drop constraint editions_kind_check;
alter table editions add constraint editions_kind_check check (kind in ('notice', 'final', 'correction', 'call-up'));

alter table edition_entries alter column rank drop not null;  -- none where a score line decides
alter table edition_entries
  add column pool text,                                 -- none in a round without pools
  add column through text check (through in ('second-round', 'correction', 'call-up'));

-- Whether the household of an admitted applicant has settled, entered once its term is over.
create table settlements (
  authority text not null,
  round text not null,
  unit bytea not null,
  application bigint not null,                          -- that stood on the list
  outcome text not null check (outcome in ('settled', 'lapsed')),
  entered_by text not null,
  entered_at timestamptz not null,
  primary key (authority, round, unit),
  foreign key (authority, round, application) references applications
);

-- An application scored again from its input in which the records of a decision are put right.
create table corrections (
  authority text not null,
  round text not null,
  edition integer not null,                             -- that makes it public
  application bigint not null,
  records bigint[] not null,                            -- evidence that the decision names
  decision text not null,
  ground text not null check (ground in ('evidence', 'eligibility', 'identity')),
  document text not null,                               -- the corrected input, with a salt and a digest as a frozen one
  salt bytea not null,
  digest bytea not null,
  engine text not null,
  eligible text not null check (eligible in ('yes', 'no', 'undetermined')),
  total bigint,
  items bigint[] not null,
  reasons jsonb not null,
  missing text[] not null,
  chain bigint[],
  receipt bytea not null,
  primary key (authority, round, edition),
  foreign key (authority, round, application) references applications,
  foreign key (authority, round, edition) references editions deferrable initially deferred
);
create index corrections_application on corrections (authority, round, application, edition);

-- What an edition changed of a household's place. The last one of a household tells how it stands now.
create table amendments (
  authority text not null,
  round text not null,
  edition integer not null,
  unit bytea not null,
  change text not null check (change in ('admitted', 'kept', 'struck-off', 'none', 'called-up', 'lapsed')),
  application bigint,                                   -- the head of the household, none if no application of it is eligible
  listed_before bigint,                                 -- the application by which the household stood on the list, if it did
  listed boolean not null,                              -- whether the head stands on the list now
  rank integer,
  reserve integer,
  through text check (through in ('second-round', 'correction', 'call-up')),
  primary key (authority, round, edition, unit),
  foreign key (authority, round, application) references applications,
  foreign key (authority, round, edition) references editions deferrable initially deferred,
  check (not listed or application is not null)
);
create index amendments_unit on amendments (authority, round, unit, edition);

-- Who is of one household.
create index applications_household on applications (authority, round, household) where household is not null;

create trigger settlements_never_change before update or delete on settlements for each row execute function refuse_change();
create trigger settlements_never_truncated before truncate on settlements execute function refuse_change();
create trigger corrections_never_change before update or delete on corrections for each row execute function refuse_change();
create trigger corrections_never_truncated before truncate on corrections execute function refuse_change();
create trigger amendments_never_change before update or delete on amendments for each row execute function refuse_change();
create trigger amendments_never_truncated before truncate on amendments execute function refuse_change();

-- Like the entries of an edition: written before it in one transaction, and none afterwards.
create trigger corrections_never_late before insert on corrections for each row execute function refuse_late_entry();
create trigger amendments_never_late before insert on amendments for each row execute function refuse_late_entry();
