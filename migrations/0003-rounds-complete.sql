-- Rounds as all round rules can ask for them: pools, households and persons, the moment of the application, second rounds, reserve lists, drawn lots.
-- What a run decides stands beside its entries, so that an entry is written once and never again.

-- What an application says beside its evidence. A household is a keyed digest of the office's label; the label itself is never stored.
alter table applications
  add column pool text,
  add column household bytea,
  add column persons integer check (persons between 1 and 99);

-- The claim is frozen with the facts. Of rounds that were frozen before it is empty, which leaves their digests as they are.
alter table frozen_inputs add column claim text not null default '';
alter table frozen_inputs alter column claim drop default;

alter table rounds rename column lot_seed_digest to lot_secret_digest;
-- In clear only once the list that names it is out; until then a run keeps it encrypted.
alter table runs rename column lot_seed to lot_secret;
alter table runs add column lot_secret_encrypted bytea;
alter table runs
  add column chain_least bigint[],                      -- of each order key the least and the largest value of the eligible; none while nobody is
  add column chain_most bigint[];
alter table runs add column draw text;                 -- the text of the draw that the run was made with

-- A round comes into each state once, and so has one moment of its freeze, by which its draw is chosen.
create unique index round_steps_once_to_each_state on round_steps (authority, round, to_state);

-- The public draw that decides the lots, once it was held. A slip is put right by a further entry; the last one counts, and all are published.
create table draws (
  authority text not null,
  round text not null,
  entry integer not null,
  name text not null,                                   -- the draw within its series, such as "2026139"
  held_on date not null,
  numbers text not null,                                -- the draw's text: its numbers with commas
  entered_by text not null,
  entered_at timestamptz not null,
  primary key (authority, round, entry),
  foreign key (authority, round) references rounds
);
create trigger draws_never_change before update or delete on draws for each row execute function refuse_change();
create trigger draws_never_truncated before truncate on draws execute function refuse_change();

-- What a run decided of each eligible application. It has neither a foreign key nor a primary key, and the entries have no foreign key either: looking after
-- them row by row costs more than ranking a million, and the verifier finds every row that strays or stands twice (R1, R5). Rows of a run are
-- written together in the order of applications, so an index over blocks finds one of them in a third of a millisecond.
create table standings (
  authority text not null,
  round text not null,
  run integer not null,
  application bigint not null,
  pool text,                                            -- none in a round without pools
  rank integer,                                         -- among the heads of its pool; none for the represented, and where a score line decides
  outcome text not null check (outcome in ('first', 'second', 'none', 'represented')),
  reserve integer,                                      -- the number on the reserve list
  lot bytea
);
create index standings_application on standings using brin (authority, round, run, application) with (pages_per_range = 16, autosummarize = on);
insert into standings (authority, round, run, application, rank, outcome, lot)
  select authority, round, run, application, rank, case when admitted then 'first' else 'none' end, lot from entries
  where rank is not null order by authority, round, run, application;

alter table entries
  drop constraint entries_authority_round_run_fkey,
  drop column rank,
  drop column admitted,
  drop column lot,
  add column pool text,
  add column household bytea,
  add column persons integer,
  add column receipt bytea;                             -- SHA-256 that binds what was decided to what it was decided on; none in runs of earlier versions

-- The figures of a run by pool; a round without pools has one, without a name.
create table run_pools (
  authority text not null,
  round text not null,
  run integer not null,
  pool text not null,                                   -- '' in a round without pools
  places integer,                                       -- with those carried over; none where a score line decides
  eligible integer not null,
  admitted integer not null,                            -- heads, in the first round
  admitted_second integer not null,                     -- heads, in the second round
  unused integer,                                       -- places that the first round left
  cut_off bigint[],                                     -- chain of the worst admitted in the first round, none if nobody is
  at_line integer not null,                             -- how many share the chain that the line cuts through in the first round, else 0
  set_aside jsonb,                                      -- why the verifier sets the pool aside; none if it holds
  primary key (authority, round, run, pool),
  foreign key (authority, round, run) references runs
);
insert into run_pools (authority, round, run, pool, places, eligible, admitted, admitted_second, unused, cut_off, at_line)
  select authority, round, run, '', null, eligible, admitted, 0, null, cut_off, coalesce(at_line, 0) from runs where eligible is not null;

alter table runs
  drop column cut_off,
  drop column at_line,
  add column second_round jsonb;                        -- {"places": …, "cutOff": […] or null, "atLine": …}; none without a second round
