import t from 'tap'
import { population } from '../../src/cli/demo/population.ts'
import { lotSecretDigest } from '../../src/ranking/lot.ts'
import { takeApplicants } from '../../src/round/bulk-intake.ts'
import { noProgress } from '../../src/round/progress.ts'
import { judgeOf, moveRound, theRound } from '../../src/round/rounds.ts'
import { verifyRun } from '../../src/round/verify.ts'
import { getRun } from '../../src/store/runs.ts'
import { fingerprint } from '../support/fingerprint.ts'
import { putInForce, schemeTexts } from '../support/office.ts'
import { asSuperuser } from '../support/superuser.ts'
import {
  asOf,
  closedRound,
  draftRound,
  drawOnNextDay,
  modelRules,
  publishIt,
  refusalOf,
  rulesWith,
  runIt,
  type Year,
} from '../support/year.ts'

/*
 * A stored run is altered by SQL, as somebody with the database's password could. docs/ranking.md says what the verifier then finds; whatever it is, nothing
 * is sealed, the run is marked as failed, and the round can be run again and published.
 */

type Alteration = {
  what: string
  /** Statements with :names of picked applications. */
  sql: string
  /** Every code that the verifier then finds; its own first. Or the refusal itself. */
  found: string
  /**
   * A new run heals an altered run. Altered inputs, applications or rules must be put back first, and a run before that does not hold either; but
   * whoever makes all digests anew is seen only by the run that was there before.
   */
  putBack?: 'first' | 'unseen'
}

const mendInputs = `
  update rounds set inputs_digest = (select 'sha256:' || encode(sha256(string_agg(f.digest, ''::bytea order by a.public_number collate "C")), 'hex')
    from frozen_inputs f join applications a using (authority, round, application));
  update runs set inputs_digest = (select inputs_digest from rounds);`
const forgeInput = `
  update frozen_inputs set document = replace(document, '"award":[]', '"award":[{"date":"2016-01-01","level":"national","source":"city","state":"verified"}]')
    where application = :first;
  update frozen_inputs f set digest = sha256(salt || (
      select s.citizen_number_index from applications a join persons s using (authority, person) where a.application = f.application
    ) || convert_to(document, 'UTF8') || convert_to(claim, 'UTF8')) where application = :first;`
const exchange = (table: string, columns: string, a: string, b: string) =>
  `update ${table} e set (${columns}) = (select ${columns} from ${table} o where o.run = e.run and o.application = case e.application when ${a} then ${b} else ${a} end)
    where application in (${a}, ${b});`
const scored = 'eligible, total, items, reasons, missing, chain, pool, household, persons, receipt'
const decided = 'pool, rank, outcome, reserve, lot'
const exchangeAll = (a: string, b: string) => exchange('entries', scored, a, b) + exchange('standings', decided, a, b)

const order = ['item work desc', 'item education desc']
const places = 35
const secret = 'a1b2c3d4e5f60718293a4b5c6d7e8f90'

/** In a round where everybody at the line is admitted. */
const alterations: Alteration[] = [
  // Ranks and whole entries
  { what: 'the ranks of two exchanged', sql: exchange('standings', 'rank', ':first', ':later'), found: 'R6' },
  { what: 'the ranks of two exchanged over the line, beside ties', sql: exchange('standings', 'rank', ':tied', ':below'), found: 'R6 R7' },
  { what: 'two standings exchanged over the line', sql: exchange('standings', decided, ':first', ':below'), found: 'R6 R7 R8 R9 R11' },
  {
    what: 'one who shares a rank put behind the others',
    sql: 'update standings set rank = rank + 1 where application = :tied',
    found: 'R7',
  },
  { what: 'a rank lost', sql: 'update standings set rank = null where application = :first', found: 'R13 R7' },
  { what: 'two whole entries exchanged', sql: exchangeAll(':first', ':later'), found: 'R12 R14 R16' },
  { what: 'an entry deleted', sql: 'delete from entries where application = :later', found: 'R1 R5 R6 R11' },
  {
    what: 'an entry deleted with its standing',
    sql: 'delete from entries where application = :later; delete from standings where application = :later',
    found: 'R1 R7 R11',
  },
  {
    what: 'an entry of nobody',
    sql: `insert into entries (authority, round, run, application, eligible, items, reasons, missing) select authority, round, run, 0, 'no', '{}', '[]', '{}' from runs`,
    found: 'R1',
  },
  { what: 'a standing deleted', sql: 'delete from standings where application = :below', found: 'R5 R7' },
  {
    what: 'a standing of nobody',
    sql: `insert into standings (authority, round, run, application, outcome) select authority, round, run, 0, 'none' from runs`,
    found: 'R5',
  },
  // Points
  { what: 'a total shifted by 0.01', sql: 'update entries set total = total + 1 where application = :below', found: 'R4 R12 R14 R16' },
  {
    what: 'a total and its item shifted by 0.01',
    sql: 'update entries set total = total + 1, items[3] = items[3] + 1 where application = :below',
    found: 'R12 R14 R16',
  },
  {
    what: 'an order key shifted by 0.01',
    sql: 'update entries set chain[2] = chain[2] + 1 where application = :first',
    found: 'R4 R12 R14 R16',
  },
  {
    what: 'an item shifted with its total and its order key',
    sql: 'update entries set total = total + 1, items[1] = items[1] + 1, chain[2] = chain[2] + 1 where application = :first',
    found: 'R12 R14 R16',
  },
  { what: 'a receipt digest altered', sql: `update entries set receipt = sha256('1') where application = :first`, found: 'R14' },
  { what: 'a receipt digest lost', sql: 'update entries set receipt = null where application = :open', found: 'R14' },
  // Eligibility
  {
    what: 'an eligible one made ineligible',
    sql: `update entries set eligible = 'no' where application = :below`,
    found: 'R5 R11 R12 R14 R16',
  },
  {
    what: 'an eligible one struck out neatly',
    sql: `update entries set eligible = 'no', chain = null where application = :lowest; delete from standings where application = :lowest;
          update runs set eligible = eligible - 1; update run_pools set eligible = eligible - 1`,
    found: 'R12 R14 R16',
  },
  {
    what: 'an ineligible one made eligible',
    sql: `update entries set eligible = 'yes' where application = :refused`,
    found: 'R5 R11 R12 R14 R16',
  },
  {
    what: 'an undetermined one made ineligible',
    sql: `update entries set eligible = 'no' where application = :open`,
    found: 'R12 R14 R16',
  },
  // Admission
  { what: 'an admitted one dropped', sql: `update standings set outcome = 'none' where application = :first`, found: 'R8 R11' },
  {
    what: 'an admitted one dropped, and the number with it',
    sql: `update standings set outcome = 'none' where application = :first; update runs set admitted = admitted - 1; update run_pools set admitted = admitted - 1`,
    found: 'R8',
  },
  { what: 'one more admitted', sql: `update standings set outcome = 'first' where application = :below`, found: 'R9 R11' },
  {
    what: 'one more admitted, and number and cut-off with it',
    sql: `update standings set outcome = 'first' where application = :below; update runs set admitted = admitted + 1;
          update run_pools set admitted = admitted + 1, cut_off = (select chain from entries where application = :below)`,
    found: 'R9',
  },
  {
    what: 'one admitted who is not eligible',
    sql: `insert into standings select authority, round, run, :refused, pool, null, outcome from standings where application = :first`,
    found: 'R5',
  },
  { what: 'one admitted in the place of another', sql: exchange('standings', 'outcome', ':first', ':below'), found: 'R8 R9 R11' },
  { what: 'one represented by nobody', sql: `update standings set outcome = 'represented' where application = :below`, found: 'R13' },
  { what: 'a reserve number where there is no reserve', sql: 'update standings set reserve = 1 where application = :below', found: 'R15' },
  { what: 'a lot where none is drawn', sql: "update standings set lot = sha256('1') where application = :line", found: 'R10' },
  // What the run says of itself
  { what: 'the cut-off altered', sql: 'update run_pools set cut_off[2] = cut_off[2] + 1', found: 'R11' },
  { what: 'the cut-off lost', sql: 'update run_pools set cut_off = null', found: 'R11' },
  { what: 'the number at the line altered', sql: 'update run_pools set at_line = 0', found: 'R11' },
  { what: 'the places altered', sql: 'update run_pools set places = 36', found: 'R11' },
  { what: 'the number of unused places altered', sql: 'update run_pools set unused = 1', found: 'R11' },
  { what: 'all figures lost', sql: 'delete from run_pools', found: 'R11' },
  { what: 'the number of applicants altered', sql: 'update runs set applicants = applicants + 1', found: 'R11' },
  { what: 'the number of eligible altered', sql: 'update runs set eligible = eligible + 1', found: 'R11' },
  { what: 'the engine altered', sql: `update runs set engine = 'another'`, found: 'R14' },
  { what: 'a secret where no lots are drawn', sql: `update runs set lot_secret = '${'00'.repeat(16)}'`, found: 'R10' },
  {
    what: 'an encrypted secret where no lots are drawn',
    sql: `update runs set lot_secret_encrypted = '\\x00'`,
    found: 'R10',
  },
  { what: 'the inputs digest of the run altered', sql: `update runs set inputs_digest = 'sha256:${'0'.repeat(64)}'`, found: 'R3' },
  { what: 'the scheme of the run altered', sql: `update runs set scheme_digest = 'sha256:${'0'.repeat(64)}'`, found: 'round-altered' },
  { what: 'the rules of the run altered', sql: `update runs set rules_digest = 'sha256:${'0'.repeat(64)}'`, found: 'round-altered' },
  // What a new run would be made from
  {
    what: 'a frozen input altered',
    sql: `update frozen_inputs set document = document || ' ' where application = :first`,
    found: 'R3',
    putBack: 'first',
  },
  {
    what: 'a frozen input altered so that it scores more',
    sql: forgeInput.split(';')[0] as string,
    found: 'R3 R12 R16',
    putBack: 'first',
  },
  { what: 'a frozen input and its digest altered', sql: forgeInput, found: 'R3 R12 R14 R16', putBack: 'first' },
  { what: 'a frozen input and all digests altered', sql: forgeInput + mendInputs, found: 'R12 R14 R16', putBack: 'unseen' },
  {
    what: 'a claim altered',
    sql: `update frozen_inputs set claim = replace(claim, '08:00', '07:00') where application = :first`,
    found: 'R3',
    putBack: 'first',
  },
  {
    what: 'a household named after the freeze',
    sql: `update applications set household = sha256('1') where application = :first`,
    found: 'R4',
    putBack: 'first',
  },
  {
    what: 'persons named after the freeze',
    sql: `update applications set persons = 7 where application = :first`,
    found: 'R4',
    putBack: 'first',
  },
  {
    what: 'a pool named after the freeze',
    sql: `update applications set pool = 'north' where application = :first`,
    found: 'R4',
    putBack: 'first',
  },
  { what: 'a salt altered', sql: `update frozen_inputs set salt = '\\x00' where application = :first`, found: 'R3', putBack: 'first' },
  { what: 'a frozen input lost', sql: 'delete from frozen_inputs where application = :first', found: 'R3 R11', putBack: 'first' },
  {
    what: 'a person entered twice',
    sql: 'drop index applications_once_per_round; update applications set person = (select person from applications where application = :first) where application = :below',
    found: 'R2 R3',
    putBack: 'first',
  },
  {
    what: 'a person entered twice under two numbers of the house',
    sql: `drop index persons_once_per_authority; update persons set citizen_number_index = (
            select citizen_number_index from persons join applications using (authority, person) where application = :first
          ) where person = (select person from applications where application = :below)`,
    found: 'R2 R3',
    putBack: 'first',
  },
  {
    what: 'an application handed to another person',
    sql: `update persons set citizen_number_index = sha256(citizen_number_index)
            where person = (select person from applications where application = :first)`,
    found: 'R3',
    putBack: 'first',
  },
  {
    what: 'an application slipped in',
    sql: `drop index applications_once_per_round;
          insert into applications (authority, round, person, public_number, submitted_at)
          select authority, round, person, 'ZZZZ-ZZZZ-ZZZZ', submitted_at from applications where application = :first`,
    found: 'R1 R2 R3',
    putBack: 'first',
  },
  {
    what: 'an application taken out',
    sql: 'delete from frozen_inputs where application = :first; delete from applications where application = :first',
    found: 'R1 R3 R5 R11',
    putBack: 'first',
  },
  {
    what: 'two applications under one public number',
    sql: `drop index applications_public_number;
          update applications set public_number = (select min(public_number) from applications) where public_number = (select max(public_number) from applications)`,
    found: 'R1 R3',
    putBack: 'first',
  },
  {
    what: 'the inputs digest of the round altered',
    sql: `update rounds set inputs_digest = 'sha256:${'0'.repeat(64)}'`,
    found: 'R3',
    putBack: 'first',
  },
  {
    what: 'the places altered in the rules',
    sql: `update rounds set rules = replace(rules, 'places: 35', 'places: 36')`,
    found: 'round-altered',
    putBack: 'first',
  },
  {
    what: 'the digest of the rules altered',
    sql: `update rounds set rules_digest = 'sha256:${'0'.repeat(64)}'`,
    found: 'round-altered',
    putBack: 'first',
  },
  { what: 'the reference date altered', sql: `update rounds set as_of = as_of + 1`, found: 'round-altered', putBack: 'first' },
  {
    what: 'another scheme put in its place',
    sql: `update rounds set scheme_digest = (select digest from schemes where version = '2018')`,
    found: 'round-altered',
    putBack: 'first',
  },
]

/** In a round where lots are drawn at the line. */
const withLots: Alteration[] = [
  { what: 'the lot of one altered', sql: `update standings set lot = sha256('1') where application = :unlucky`, found: 'R10' },
  { what: 'the lots of two exchanged', sql: exchange('standings', 'lot', ':lucky', ':unlucky'), found: 'R10' },
  { what: 'a lot lost', sql: 'update standings set lot = null where application = :lucky', found: 'R10' },
  { what: 'a lot for somebody above the line', sql: `update standings set lot = sha256('1') where application = :first`, found: 'R10' },
  { what: 'an unlucky one admitted for a lucky one', sql: exchange('standings', 'outcome', ':lucky', ':unlucky'), found: 'R8 R9' },
  { what: 'two whole entries exchanged, one at the line', sql: exchangeAll(':first', ':lucky'), found: 'R12 R14 R16 R10 R8 R9' },
  { what: 'the secret of the run altered', sql: `update runs set lot_secret = '${'11'.repeat(16)}'`, found: 'R10 R8 R9' },
  { what: 'the secret of the run lost', sql: 'update runs set lot_secret_encrypted = null', found: 'R10' },
  {
    what: 'the encrypted secret of the run altered',
    sql: `update runs set lot_secret_encrypted = set_byte(lot_secret_encrypted, 40, 255 - get_byte(lot_secret_encrypted, 40))`,
    found: 'R10',
  },
  { what: 'the draw of the run altered', sql: `update runs set draw = '1,2,3'`, found: 'R10 R8 R9' },
  { what: 'the draw of the run lost', sql: 'update runs set draw = null', found: 'R10' },
  {
    what: 'another draw entered behind the run',
    sql: `insert into draws select authority, round, entry + 1, name, held_on, '1,2,3', entered_by, entered_at from draws`,
    found: 'R10',
    putBack: 'unseen',
  },
  { what: 'the draw moved behind the day of its entry', sql: `update draws set held_on = '2020-03-03'`, found: 'R10', putBack: 'first' },
  {
    what: 'an earlier freeze put in behind, so that an earlier draw counts',
    sql: `drop index round_steps_once_to_each_state;
          insert into round_steps select authority, round, 99, from_state, to_state, taken_by, '2020-02-01T00:00Z' from round_steps where to_state = 'frozen'`,
    found: 'R10',
    putBack: 'first',
  },
  { what: 'the draw moved to the day of the freeze', sql: `update draws set held_on = '2020-03-01'`, found: 'R10', putBack: 'first' },
  {
    what: 'the freeze moved behind the draw',
    sql: `update round_steps set taken_at = '2020-03-05T00:00Z' where to_state = 'frozen'`,
    found: 'R10',
    putBack: 'first',
  },
  {
    what: 'another secret committed',
    sql: `update rounds set lot_secret_digest = 'sha256:${'0'.repeat(64)}'`,
    found: 'R10',
    putBack: 'first',
  },
]

/** In a round of two pools, households and persons, with a reserve list. What is found concerns the pool of the north alone. */
const inOnePool: Alteration[] = [
  { what: 'the ranks of two exchanged', sql: exchange('standings', 'rank', ':first', ':later'), found: 'R6' },
  { what: 'the represented ranked', sql: 'update standings set rank = 1 where application = :represented', found: 'R13 R6 R7' },
  { what: 'the represented admitted', sql: `update standings set outcome = 'first' where application = :represented`, found: 'R13 R9 R11' },
  { what: 'a reserve number altered', sql: 'update standings set reserve = reserve + 1 where application = :reserve', found: 'R15' },
  { what: 'a reserve number lost', sql: 'update standings set reserve = null where application = :reserve', found: 'R15' },
  { what: 'a household altered', sql: `update entries set household = sha256('1') where application = :represented`, found: 'R4 R13' },
  { what: 'more persons', sql: 'update entries set persons = persons + 1 where application = :first', found: 'R4 R9 R15' },
  { what: 'an admitted one dropped', sql: `update standings set outcome = 'none' where application = :first`, found: 'R8 R11' },
  { what: 'a figure of the pool altered', sql: `update run_pools set unused = unused + 1 where pool = 'north'`, found: 'R11' },
  {
    what: 'an entry deleted with its standing',
    sql: 'delete from entries where application = :first; delete from standings where application = :first',
    found: 'R1 R7 R8 R9 R11 R15',
  },
]

type Test = Parameters<Parameters<typeof t.test>[0]>[0]
type Picks = { numbers: { [name: string]: number }; entries: string; admitted: number; before: object }

const drawRules = `line: {rule: lot, assumption: a test, draw: {series: {zh-CN: 彩票, en: a lottery}, numbers: [{count: "3", from: "1", to: "9", order: ascending}], assumption: a test}}
zone: "+08:00"`

for (const { line, lotSecret, table } of [
  { line: 'admit-all', lotSecret: undefined, table: alterations },
  { line: 'lot', lotSecret: secret, table: withLots },
]) {
  t.test(`a stored run under ${line}`, async t => {
    const plain = rulesWith({ order, places })
    const rules = lotSecret ? plain.replace(/^line: .*$/m, drawRules) : plain
    const whole = await closedRound(t, {
      applicants: 200,
      rules,
      lotSecretDigest: lotSecret && lotSecretDigest(Buffer.from(lotSecret, 'hex')),
    })
    const next = schemeTexts('model/2017')
    next.source = next.source.replace('version: "2017"', 'version: "2018"')
    await putInForce(whole.office, whole.actor, next)
    if (lotSecret) {
      t.equal(await refusalOf(runIt(whole, lotSecret)), 'draw-missing')
      await drawOnNextDay(whole, { numbers: [2, 3, 7] })
    }
    const { run, report } = await runIt(whole, lotSecret)
    t.match(report, { holds: true, counts: {}, setAside: [], sample: { size: 500, checked: 200 } })
    t.strictSame(report.findings, [])
    t.match(run, { run: 1, state: 'verified', applicants: 200 })
    await whole.office.pool.query(tables.map(table => `create table kept_${table} as table ${table}`).join('; '))
    const picked = await picks(whole)
    for (const alteration of table) {
      await t.test(alteration.what, async t => {
        await asSuperuser(whole.office.pool, allAsItWas)
        t.strictSame(await fingerprint(whole.office.pool, { of: tables }), picked.before)
        await caught(t, whole, alteration, picked, lotSecret)
      })
    }
  })
}

async function caught(
  t: Test,
  year: Year,
  { sql, found, putBack }: Alteration,
  picked: Picks,
  lotSecret: string | undefined,
): Promise<void> {
  const { pool } = year.office
  await asSuperuser(
    pool,
    sql.replaceAll(/(?<!:):([a-z]+)\b/g, (_, name) => String(picked.numbers[name])),
  )
  const before = await fingerprint(pool, { of: tables })
  t.notSame(before, picked.before, 'something was altered')

  const refusal = await refusalOf(publishIt(year))
  if (found === 'round-altered') {
    t.equal(refusal, 'round-altered')
    t.strictSame(await fingerprint(pool, { of: tables }), before, 'nothing has changed')
  } else {
    t.equal(refusal, 'run-does-not-hold')
    const { state, findings } = (await pool.query('select state, findings from runs order by run')).rows[0]
    t.equal(state, 'failed')
    t.strictSame(Object.keys(findings.counts).sort(), found.split(' ').sort())
    t.equal(await refusalOf(publishIt(year)), 'run-does-not-hold', 'a failed run stays unpublishable')
    t.strictSame(
      { ...(await fingerprint(pool, { of: tables })), runs: '' },
      { ...before, runs: '' },
      'nothing is sealed, and nothing but the run has changed',
    )
  }

  if (putBack === 'first') {
    const again = await runIt(year, lotSecret).then(
      result => result.run.state,
      error => error.code,
    )
    t.match(again, /^(failed|round-altered|lot-secret-wrong)$/, 'a new run does not heal what it is made from')
    t.not(await refusalOf(publishIt(year)), 'taken')
  }
  if (putBack) await asSuperuser(pool, putItBack)
  const healed = await runIt(year, lotSecret)
  t.strictSame(healed.report.findings, [])
  t.ok((await entriesOf(year, healed.run.run)) === picked.entries, 'the new run is as the first one was')
  const { edition } = await publishIt(year)
  t.equal(edition.entries.length, picked.admitted)
}

/** All tables that these alterations, a run or a publication change. */
const tables = [
  'applications',
  'draws',
  'edition_entries',
  'editions',
  'entries',
  'frozen_inputs',
  'persons',
  'round_steps',
  'rounds',
  'run_pools',
  'runs',
  'standings',
]
const putItBack = `
  update persons p set citizen_number_index = k.citizen_number_index from kept_persons k where k.person = p.person;
  delete from frozen_inputs;
  delete from applications where application not in (select application from kept_applications);
  update applications a set person = k.person, public_number = k.public_number, pool = k.pool, household = k.household, persons = k.persons from kept_applications k where k.application = a.application;
  insert into applications overriding system value
    select * from kept_applications k where not exists (select from applications a where a.application = k.application);
  insert into frozen_inputs table kept_frozen_inputs;
  delete from draws;
  insert into draws table kept_draws;
  delete from round_steps where step = 99;
  update round_steps s set taken_at = k.taken_at from kept_round_steps k where k.step = s.step;
  create unique index if not exists round_steps_once_to_each_state on round_steps (authority, round, to_state);
  create unique index if not exists applications_once_per_round on applications (authority, round, person);
  create unique index if not exists applications_public_number on applications (authority, round, public_number);
  create unique index if not exists persons_once_per_authority on persons (authority, citizen_number_index);
  update rounds r set scheme_digest = k.scheme_digest, rules = k.rules, rules_digest = k.rules_digest, as_of = k.as_of, lot_secret_digest = k.lot_secret_digest,
    inputs_digest = k.inputs_digest from kept_rounds k`

/** Only in a throw-away database: what is sealed comes away too. */
const allAsItWas = `
  alter table editions disable trigger user; alter table edition_entries disable trigger user;
  delete from edition_entries; delete from editions; delete from entries; delete from standings; delete from run_pools; delete from runs; delete from round_steps;
  alter table editions enable trigger user; alter table edition_entries enable trigger user;
  insert into runs table kept_runs; insert into entries table kept_entries; insert into standings table kept_standings;
  insert into run_pools table kept_run_pools; insert into round_steps table kept_round_steps;
  update rounds r set state = k.state, verified_run = k.verified_run from kept_rounds k;
  ${putItBack}`

async function picks(year: Year): Promise<Picks> {
  const { rows } = await year.office.pool.query(`
    select application, eligible, rank, outcome = 'first' as admitted, count(*) over (partition by rank) as sharing, rank <= ${places} and rank + count(*) over (partition by rank) > ${places} + 1 as line
    from entries left join standings using (authority, round, run, application) order by rank, application`)
  const pick = (name: string, is: (row: (typeof rows)[number]) => boolean): [string, number] => {
    const found = rows.find(is)
    if (!found) throw new Error(`nobody to pick as ${name}: choose another population`)
    return [name, found.application]
  }
  return {
    numbers: Object.fromEntries([
      pick('first', row => row.rank === 1 && row.sharing === 1),
      pick('later', row => row.rank > 1 && row.sharing === 1 && row.admitted),
      pick('tied', row => row.sharing > 1 && row.admitted && !row.line),
      pick('line', row => row.line),
      pick('lucky', row => row.line && row.admitted),
      pick('below', row => row.rank > places && !row.admitted && !row.line),
      pick('lowest', row => row.rank === rows.filter(one => one.rank !== null).length),
      pick('refused', row => row.eligible === 'no'),
      pick('open', row => row.eligible === 'undetermined'),
      ...(rows.some(row => row.line && !row.admitted) ? [pick('unlucky', row => row.line && !row.admitted)] : []),
    ]),
    entries: await entriesOf(year, 1),
    admitted: rows.filter(row => row.admitted).length,
    before: await fingerprint(year.office.pool, { of: tables }),
  }
}

async function entriesOf({ office }: Year, run: number): Promise<string> {
  const columns = `application, eligible, total, items, reasons, missing, chain, receipt, rank, outcome, reserve, lot`
  const joined = 'entries left join standings using (authority, round, run, application)'
  return JSON.stringify((await office.pool.query(`select ${columns} from ${joined} where run = ${run} order by application`)).rows)
}

t.test('a stored run of pools, households and persons', async t => {
  const quota = `quota:
  pools:
    - {pool: north, name: {zh-CN: 北, en: North}, places: "40", assumption: a test}
    - {pool: south, name: {zh-CN: 南, en: South}, places: "30", assumption: a test}`
  const rules = modelRules.replace(/^quota:\n {2}places: .*$/m, quota).replace('unit: applicants', 'unit: persons')
  const year = await poolsYear(
    t,
    `${rules}straddle: {rule: next-smaller, assumption: a test}\nreserve: {places: "6", assumption: a test}\n`,
  )
  const { pool } = year.office
  t.match(await runIt(year), { report: { holds: true, setAside: [] } })
  await pool.query(['entries', 'standings', 'run_pools'].map(table => `create table kept_${table} as table ${table}`).join('; '))
  const { rows } = await pool.query(`
    select application, rank, outcome, reserve, count(*) over (partition by rank) as sharing
    from standings where pool = 'north' order by rank, application`)
  const pick = (name: string, is: (row: (typeof rows)[number]) => boolean): [string, number] => {
    const found = rows.find(is)
    if (!found) throw new Error(`nobody to pick as ${name}: choose another population`)
    return [name, found.application]
  }
  const numbers: { [name: string]: number } = Object.fromEntries([
    pick('first', row => row.rank === 1 && row.sharing === 1 && row.outcome === 'first'),
    pick('later', row => row.rank > 1 && row.sharing === 1 && row.outcome === 'first'),
    pick('represented', row => row.outcome === 'represented'),
    pick('reserve', row => row.reserve !== null),
  ])
  for (const { what, sql, found } of inOnePool)
    await t.test(what, async t => {
      await asSuperuser(
        pool,
        sql.replaceAll(/(?<!:):([a-z]+)\b/g, (_, name) => String(numbers[name])),
      )
      const report = await verified(year)
      t.match(report, { holds: true, counts: {}, findings: [], setAside: [{ pool: 'north' }] })
      t.equal(report.setAside.length, 1)
      t.strictSame(Object.keys(report.setAside[0]?.counts ?? {}).sort(), found.split(' ').sort(), JSON.stringify(report.setAside))
      await asSuperuser(
        pool,
        ['entries', 'standings', 'run_pools'].map(table => `delete from ${table}; insert into ${table} table kept_${table}`).join('; '),
      )
      t.match(await verified(year), { holds: true, setAside: [] })
    })
})

async function verified({ office, actor, round }: Year) {
  const stored = await theRound(office, actor.authority, round)
  const run = await getRun(office.db, { authority: actor.authority, round, run: 1 })
  if (!run) throw new Error('there is no run')
  return verifyRun(office, stored, run, await judgeOf(office, stored), { progress: noProgress })
}

/** Every third applicant is of the south, and four who follow each other in one pool are often of one household. */
async function poolsYear(t: Parameters<typeof draftRound>[0], rules: string): Promise<Year> {
  const year = await draftRound(t, { rules })
  const { office, actor, round } = year
  await moveRound(office, actor, round, 'open')
  const applicants = [...population({ seed: '7', applicants: 200, asOf })].map((applicant, i) => {
    const pool = i % 3 === 0 ? 'south' : 'north'
    return { ...applicant, pool, persons: 1 + (i % 4), ...(i % 5 > 0 && { household: `${pool} ${Math.floor(i / 10)}` }) }
  })
  await takeApplicants(office, actor, round, applicants)
  await moveRound(office, actor, round, 'closed')
  return year
}
