import t from 'tap'
import { firstDisagreement } from '../support/agreement.ts'
import { schemesInWords } from '../support/cases.ts'

/* The comparison of test/scoring/score.test.ts, on many more random facts. */

const seed = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))
t.comment(`seed ${seed} (TEST_SEED gives the same run)`)

for (const name of schemesInWords)
  t.test(`${name}: 100,000 random facts`, async t => {
    const { disagreement, seen } = firstDisagreement(name, seed, 100_000)
    t.same(disagreement, undefined, `seed ${seed}`)
    for (const [what, number] of Object.entries(seen)) t.ok(number > 2500, `${number} facts are ${what}`)
  })
