-- Spreads the tables over the nodes of a Citus cluster (12 or later) by `authority`: all that belongs to one office is in one group of shards on one node.
-- docs/scaling.md says when and how. To be run once, by psql with ON_ERROR_STOP, after `points migrate` on a database that is still empty:
--   psql -v ON_ERROR_STOP=1 -f docker/citus.sql "$DATABASE_URL"
-- Before it, on every node: citus.enable_unsafe_triggers = on, and on the coordinator citus_set_coordinator_host(…) and citus_add_node(…).

-- Statements go to the shards one after the other, since foreign keys to reference tables are among them.
set citus.multi_shard_modify_mode = 'sequential';

-- A foreign key between a table that is spread and one that is not yet cannot be; so all are taken away, and put back as they were.
create temporary table foreign_keys as
  select conrelid::regclass::text as of_table, quote_ident(conname) as name, pg_get_constraintdef(oid) as definition
  from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace;
do $$
declare k foreign_keys;
begin
  for k in select * from foreign_keys order by of_table, name loop
    execute format('alter table %s drop constraint %s', k.of_table, k.name);
  end loop;
end $$;

-- These triggers ask another table, which a trigger on a shard may not do by the table's own name. They come back below, with the name of the shard.
drop trigger edition_entries_never_late on edition_entries;
drop trigger corrections_never_late on corrections;
drop trigger amendments_never_late on amendments;

-- On every node: what belongs to the installation, or is found by something else than the office.
select create_reference_table('authorities');
select create_reference_table('clients');
select create_reference_table('schemes');
select create_reference_table('scheme_steps');

-- By office.
select create_distributed_table('rounds', 'authority');
select create_distributed_table('round_steps', 'authority', colocate_with := 'rounds');
select create_distributed_table('persons', 'authority', colocate_with := 'rounds');
select create_distributed_table('evidence', 'authority', colocate_with := 'rounds');
select create_distributed_table('applications', 'authority', colocate_with := 'rounds');
select create_distributed_table('frozen_inputs', 'authority', colocate_with := 'rounds');
select create_distributed_table('draws', 'authority', colocate_with := 'rounds');
select create_distributed_table('runs', 'authority', colocate_with := 'rounds');
select create_distributed_table('run_pools', 'authority', colocate_with := 'rounds');
select create_distributed_table('entries', 'authority', colocate_with := 'rounds');
select create_distributed_table('standings', 'authority', colocate_with := 'rounds');
select create_distributed_table('editions', 'authority', colocate_with := 'rounds');
select create_distributed_table('edition_entries', 'authority', colocate_with := 'rounds');
select create_distributed_table('settlements', 'authority', colocate_with := 'rounds');
select create_distributed_table('corrections', 'authority', colocate_with := 'rounds');
select create_distributed_table('amendments', 'authority', colocate_with := 'rounds');

-- On the coordinator alone, so without a statement: migrations, schema jobs, and round_jobs, which is written in one transaction with that queue and found
-- by the number of a job. A table on the coordinator cannot point to one that is spread, so its key to rounds stays away; rounds are never deleted.
do $$
declare k foreign_keys;
begin
  for k in select * from foreign_keys where of_table <> 'round_jobs' order by of_table, name loop
    execute format('alter table %s add constraint %s %s', k.of_table, k.name, k.definition);
  end loop;
end $$;

-- The same as refuse_late_entry of migration 0001. These last statements are to be run again for shards that were moved to another node.
create or replace function refuse_late_entry_on_shard() returns trigger language plpgsql as $$
declare sealed boolean;
begin
  execute format('select exists (select from %s e where e.authority = $1 and e.round = $2 and e.edition = $3)', tg_argv[0])
    into sealed using new.authority, new.round, new.edition;
  if sealed then
    raise exception 'an entry of a sealed edition is refused: what is sealed never changes' using errcode = 'SP001';
  end if;
  return new;
end $$;
select create_distributed_function('refuse_late_entry_on_shard()');
select run_command_on_colocated_placements(entries, 'editions', $command$
  create or replace trigger never_late before insert on %1$s for each row execute function refuse_late_entry_on_shard('%2$s')
$command$) from unnest(array['edition_entries', 'corrections', 'amendments']::regclass[]) as entries;
