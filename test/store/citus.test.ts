import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import t from 'tap'
import { emptyDatabase, throwAwayDatabase } from '../support/database.ts'
import { project } from '../support/office.ts'

/*
 * docker/citus.sql is run on a database whose Citus functions only note what they are asked. The keys that are there afterwards are held against the rules
 * of Citus (citusdata/citus: ErrorIfUnsupportedConstraint, ErrorIfUnsupportedForeignConstraintExists, EnsureRelationCanBeDistributed). A table that is
 * forgotten in docker/citus.sql is a mistake as well.
 */

const statements = readFileSync(join(project, 'docker/citus.sql'), 'utf8')
const local = ['migrations', 'round_jobs']

/** Citus as far as docker/citus.sql calls it. A command on placements is done with the tables themselves, as if each were its own shard. */
const asIfCitus = `
  create schema noted;
  create table noted.spread (name text primary key, kind text not null, by text, beside text);
  create function create_reference_table(name regclass) returns void language sql
    as $$ insert into noted.spread values (name::text, 'reference', null, null) $$;
  create function create_distributed_table(name regclass, by text, colocate_with text default 'default') returns void language sql
    as $$ insert into noted.spread values (name::text, 'distributed', by, colocate_with) $$;
  create function create_distributed_function(name regprocedure) returns void language sql as $$ $$;
  create function run_command_on_colocated_placements(one regclass, other regclass, command text) returns void language plpgsql
    as $$ begin execute format(command, one, other); end $$;`

t.test('every table is spread, and every key is one that Citus can keep', async t => {
  const { pool } = await throwAwayDatabase(t)
  const before = await foreignKeys(pool)
  t.ok(before.length > 10, 'there are foreign keys at all')
  await pool.query(asIfCitus)
  await pool.query(statements)
  t.strictSame(await mistakes(pool), [])
  t.strictSame(
    await foreignKeys(pool),
    before.filter(key => !key.startsWith('round_jobs ')),
    'all foreign keys are back but the one of the coordinator',
  )
  const { rows } = await pool.query("select count(*)::int as tables from noted.spread where kind = 'distributed'")
  t.ok(rows[0].tables >= 13, `${rows[0].tables} tables by office`)
})

t.test('the trigger for shards refuses what the trigger of the migration refuses', async t => {
  const { pool } = await throwAwayDatabase(t)
  await pool.query(asIfCitus)
  await pool.query(statements)
  await pool.query(`
    insert into authorities values ('office', '{}');
    insert into schemes (digest, scheme, version, status, source, vocabulary, stored_at, state, cases, cases_digest)
      values ('d', 'model', '1', 'complete', '', '', now(), 'draft', '[]', 'd');
    insert into rounds (authority, round, scheme_digest, rules, rules_digest, as_of, state, created_at)
      values ('office', '1', 'd', '', 'd', '2020-01-01', 'ranked', now());
    insert into runs (authority, round, run, state, engine, scheme_digest, rules_digest, inputs_digest, applicants, seconds, started_at)
      values ('office', '1', 1, 'verified', 'e', 'd', 'd', 'd', 1, '{}', now())`)
  const entry = (position: number) =>
    `insert into edition_entries (authority, round, edition, position, rank, public_number, name_masked, total)
     values ('office', '1', 1, ${position}, 1, 'P${position}', '', '1')`
  await pool.query(`begin; ${entry(1)};
    insert into editions (authority, round, edition, kind, run, document, digest, reason, sealed_by, sealed_at)
      values ('office', '1', 1, 'notice', 1, '{}', 'd', '', '', now()); commit`)
  await t.rejects(pool.query(entry(2)), { code: 'SP001' })
  const amendment = `insert into amendments (authority, round, edition, unit, change, listed) values ('office', '1', $1, 'u', 'none', false)`
  await t.rejects(pool.query(amendment, [1]), { code: 'SP001' })
  await t.rejects(pool.query(amendment, [2]), { code: '23503' }, 'of an edition that is not sealed only its foreign key can complain')
})

t.test('a trigger function works on a shard, which is a table with another name', async t => {
  const { pool } = await throwAwayDatabase(t)
  await pool.query(`
    create table schemes_102008 (like schemes including all);
    create trigger guard before update on schemes_102008 for each row execute function guard_scheme();
    insert into schemes_102008 (digest, scheme, version, status, source, vocabulary, stored_at, state, cases, cases_digest)
      values ('d', 'model', '1', 'complete', '', '', now(), 'draft', '[]', 'd')`)
  await pool.query("update schemes_102008 set state = 'active'")
  await t.rejects(pool.query("update schemes_102008 set source = 'x'"), { code: 'SP001' })
})

t.test('each kind of mistake is found', async t => {
  const { pool } = await emptyDatabase(t)
  await pool.query(asIfCitus)
  await pool.query(`
    create table migrations (name text primary key);
    create table forgotten (authority text primary key);
    create table small (id text primary key);
    create table offices (authority text not null, id text not null, small text references small, primary key (authority, id));
    create table pointing (id text primary key, authority text, offices text, foreign key (authority, offices) references offices);
    create table several (authority text not null, id integer generated always as identity, other text, code text unique, office text, name text,
      primary key (authority, id), foreign key (other, name) references offices (authority, id),
      foreign key (authority, code) references offices (authority, id) on delete set null,
      foreign key (authority, office) references offices (authority, id) on update cascade);
    create unique index of_an_expression on several ((authority || id)) where other is null;
    create unique index included on several (other) include (authority);
    create table vague (authority text collate "C" primary key);
    create table loose (authority text unique);
    create table keyless (id text primary key);
    create function asks_offices() returns trigger language plpgsql as $$ begin perform from offices; return new; end $$;
    create trigger asks before insert on loose for each row execute function asks_offices();
    create trigger each_time after insert on loose execute function asks_offices();
    select create_reference_table('small'), create_reference_table('pointing'),
      create_distributed_table('offices', 'authority'), create_distributed_table('several', 'authority', 'offices'),
      create_distributed_table('vague', 'authority', 'offices'), create_distributed_table('loose', 'authority', 'small'),
      create_distributed_table('keyless', 'id', 'offices')`)
  t.strictSame(
    await mistakes(pool),
    [
      'forgotten: not in docker/citus.sql',
      'keyless: has no column authority',
      'keyless: not by authority',
      'keyless_pkey: a unique index without authority',
      'loose: authority may be null',
      'loose: each_time is a trigger for statements',
      'loose: asks asks offices',
      'loose: each_time asks offices',
      'loose: not beside a table by authority',
      'pointing_authority_offices_fkey: from a table on every node to one by authority',
      'several: identity column id is not bigint',
      'several_authority_code_fkey: changes authority',
      'several_authority_office_fkey: changes authority',
      'several_other_name_fkey: authority does not stand for authority',
      'several_code_key: a unique index without authority',
      'of_an_expression: a unique index without authority',
      'included: a unique index without authority',
      'vague: another collation of authority',
    ].sort(),
  )
})

async function foreignKeys(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ key: string }>(
    "select concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) as key from pg_constraint where contype = 'f' order by 1",
  )
  return rows.map(({ key }) => key)
}

/** What Citus would not take, and what docker/citus.sql says nothing about. */
async function mistakes(pool: pg.Pool): Promise<string[]> {
  const found = rules.map(async rule => {
    const { rows } = await pool.query<{ mistake: string }>(`with ${spread} ${rule}`, rule.includes('$1') ? [local] : [])
    return rows.map(({ mistake }) => mistake)
  })
  return (await Promise.all(found)).flat().sort()
}

const spread = `
  spread as (
    select c.oid, c.relname::text as name, s.kind, s.by, s.beside, a.attnum as authority, a.attnotnull, a.attcollation
    from pg_class c left join noted.spread s on s.name = c.relname
      left join pg_attribute a on a.attrelid = c.oid and a.attname = 'authority' and not a.attisdropped and a.atttypid = 'text'::regtype
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
  ), by_office as (select * from spread where kind = 'distributed')`

const rules = [
  "select name || ': not in docker/citus.sql' as mistake from spread where kind is null and name <> all ($1)",
  "select name || ': not by authority' as mistake from by_office where by <> 'authority'",
  "select name || ': has no column authority' as mistake from by_office where authority is null",
  "select name || ': authority may be null' as mistake from by_office where not attnotnull",
  // All that is by office must be in one group, or neither foreign keys nor joins stay on one node.
  `select s.name || ': not beside a table by authority' as mistake from by_office s
   where beside <> 'default' and not exists (select from by_office o where o.name = s.beside and o.beside = 'default')`,
  `select s.name || ': another collation of authority' as mistake from by_office s, by_office o
   where o.name = s.beside and o.attcollation <> s.attcollation`,
  // Uniqueness is kept within a shard. A column that is only included or part of an expression does not count, nor does a condition matter.
  `select c.relname || ': a unique index without authority' as mistake from by_office s join pg_index i on i.indrelid = s.oid join pg_class c on c.oid = i.indexrelid
   where (indisunique or indisexclusion) and coalesce(s.authority, 0) <> all (array(select unnest(i.indkey::int2[]) limit i.indnkeyatts))`,
  `select conname || ': from a table on every node to one by authority' as mistake from pg_constraint k join spread s on s.oid = conrelid join spread o on o.oid = confrelid
   where contype = 'f' and s.kind = 'reference' and o.kind = 'distributed'`,
  `select conname || ': of a table on the coordinator alone' as mistake from pg_constraint k join spread s on s.oid = conrelid or s.oid = confrelid
   where contype = 'f' and s.kind is null`,
  `select conname || ': authority does not stand for authority' as mistake from pg_constraint k join by_office s on s.oid = conrelid join by_office o on o.oid = confrelid
   where contype = 'f' and array_position(conkey, s.authority) is distinct from array_position(confkey, o.authority)
     or contype = 'f' and array_position(conkey, s.authority) is null`,
  `select conname || ': changes authority' as mistake from pg_constraint k join by_office s on s.oid = conrelid
   where contype = 'f' and s.authority = any (conkey) and (confdeltype in ('n', 'd') or confupdtype in ('n', 'd', 'c'))`,
  `select s.name || ': identity column ' || attname || ' is not bigint' as mistake from spread s join pg_attribute a on attrelid = s.oid
   where kind is not null and attidentity <> '' and atttypid <> 'int8'::regtype`,
  // A trigger runs on each shard for itself. TRUNCATE alone is refused on the coordinator, before it goes to the shards.
  `select s.name || ': ' || tgname || ' is a trigger for statements' as mistake from spread s join pg_trigger on tgrelid = s.oid
   where kind is not null and not tgisinternal and tgtype & 1 = 0 and tgtype & 32 = 0`,
  // "cannot execute a distributed query from a query on a shard"
  `select s.name || ': ' || tgname || ' asks ' || o.name as mistake from spread s join pg_trigger on tgrelid = s.oid join pg_proc p on p.oid = tgfoid join spread o
     on p.prosrc ~ ('\\m(from|join|into|update) +' || o.name || '\\M')
   where s.kind is not null and not tgisinternal`,
]
