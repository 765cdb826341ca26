import pg from 'pg'
import t from 'tap'
import { population } from '../../src/cli/demo/population.ts'
import { readStoredRules, rulesDigest } from '../../src/ranking/rules.ts'
import { apply, correctClaim } from '../../src/round/applications.ts'
import { enterDraw } from '../../src/round/draws.ts'
import { freezeRound } from '../../src/round/freeze.ts'
import { orderRun } from '../../src/round/jobs.ts'
import { noProgress } from '../../src/round/progress.ts'
import { moveRound } from '../../src/round/rounds.ts'
import { runsOf } from '../../src/round/runs.ts'
import { scoreOf } from '../../src/round/score-query.ts'
import type { Queue } from '../../src/store/jobs.ts'
import { fingerprint } from '../support/fingerprint.ts'
import { asSuperuser } from '../support/superuser.ts'
import { asOf, closedRound, draftRound, publishIt, refusalOf, rulesWith, runIt, type Year } from '../support/year.ts'

/*
 * Rounds that were made before claims were kept, and before lots were drawn by public draws, as migration 0003 leaves them.
 */

/** Takes from a round and its run what was not recorded once. */
const unclaimed = `
  update frozen_inputs set claim = '';
  update frozen_inputs f set digest = sha256(salt || (
      select s.citizen_number_index from applications a join persons s using (authority, person) where a.application = f.application
    ) || convert_to(document, 'UTF8'));
  update rounds set inputs_digest = (select 'sha256:' || encode(sha256(string_agg(f.digest, ''::bytea order by a.public_number collate "C")), 'hex')
    from frozen_inputs f join applications a using (authority, round, application));
  update runs set inputs_digest = (select inputs_digest from rounds);
  update entries set receipt = null;`
const uncounted = 'update run_pools set places = null, unused = null'

t.test('a round whose run has no number of places goes on to its final list', async t => {
  for (const [what, until] of [
    ['ranked', []],
    ['with its notice out', ['notice']],
  ] as const)
    await t.test(what, async t => {
      const year = await closedRound(t, { applicants: 60, rules: rulesWith({ places: 13 }) })
      await runIt(year)
      await asSuperuser(year.office.pool, unclaimed)
      for (const kind of until) await publishIt(year, kind)
      await asSuperuser(year.office.pool, uncounted)
      t.match(await runsOf(year.office, year.actor, year.round), [{ pools: [{ places: null, unused: null }] }])
      if (until.length === 0) t.match((await publishIt(year)).edition, { quota: { places: 13 }, counts: { applicants: 60 } })
      t.match((await publishIt(year, 'final')).edition, { quota: { places: 13 } })
    })
  await t.test('but only if nobody had a claim', async t => {
    const year = await closedRound(t, { applicants: 60, rules: rulesWith({ places: 13 }) })
    await runIt(year)
    await asSuperuser(year.office.pool, uncounted)
    t.equal(await refusalOf(publishIt(year)), 'run-does-not-hold')
  })
})

/** Binds a round to the same rules by lot without a draw, with a secret committed. */
async function boundToOldLot({ office }: Year, rules: string): Promise<void> {
  const old = rules.replace(/^line: \{rule: [a-z-]+/m, 'line: {rule: lot')
  const set = `rules = ${pg.escapeLiteral(old)}, rules_digest = '${rulesDigest(readStoredRules(old))}'`
  await asSuperuser(
    office.pool,
    `update rounds set ${set}, lot_secret_digest = 'sha256:${'0'.repeat(64)}'; update runs set rules_digest = (select rules_digest from rounds);
     update entries set receipt = null`,
  )
}

const states = {
  open: { can: 'nothing', refuses: ['apply', 'correctClaim'] },
  closed: { can: 'nothing', refuses: ['correctClaim', 'freeze', 'run', 'order'] },
  frozen: { can: 'nothing', refuses: ['draw', 'run', 'order'] },
  ranked: { can: 'be asked for a score', refuses: ['run', 'order', 'notice'] },
  notice: { can: 'be asked for a score', refuses: ['final'] },
} as const

for (const [state, { can, refuses }] of Object.entries(states))
  t.test(`a round by lot without a public draw that is ${state} is read, and goes no further`, async t => {
    const rules = rulesWith({ places: 13 })
    const year = await (state === 'open' ? draftRound(t, { rules }) : closedRound(t, { applicants: 60, rules }))
    const { office, actor, round } = year
    if (state === 'open') await moveRound(office, actor, round, 'open')
    if (state === 'frozen') await freezeRound(office, actor, round, noProgress)
    if (state === 'ranked' || state === 'notice') await runIt(year)
    if (state === 'notice') await publishIt(year)
    await boundToOldLot(year, rules)

    const calls = {
      apply: () => apply(office, actor, round, 1),
      correctClaim: () => correctClaim(office, actor, round, 'A', {}),
      freeze: () => freezeRound(office, actor, round, noProgress),
      draw: () => enterDraw(office, actor, round, { name: '2020001', heldOn: '2020-03-02', numbers: [1] }),
      run: () => runIt(year),
      order: () => orderRun(office, {} as Queue, actor, round, {}),
      notice: () => publishIt(year),
      final: () => publishIt(year, 'final'),
    }
    const before = await fingerprint(office.pool)
    for (const what of refuses) t.equal(await refusalOf(calls[what]()), 'lot-without-draw', what)
    t.strictSame(await fingerprint(office.pool), before)

    t.equal((await runsOf(office, actor, round)).length, can === 'nothing' ? 0 : 1)
    if (can === 'nothing') return
    const [applicant] = population({ seed: '7', applicants: 1, asOf })
    const { rows } = await office.pool.query('select public_number from applications order by application limit 1')
    const asked = { round, publicNumber: rows[0].public_number, citizenNumber: applicant?.citizenNumber as string }
    t.match(await scoreOf(office, actor, asked), { publicNumber: asked.publicNumber, total: String })
  })
