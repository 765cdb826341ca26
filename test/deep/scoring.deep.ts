import t from 'tap'
import { firstDisagreement } from '../support/agreement.ts'
import { brokenDocuments, complaint } from '../support/broken-documents.ts'
import { schemesInWords } from '../support/cases.ts'
import { compareRandomSchemes, unseen } from '../support/random-schemes.ts'

/* The comparisons of test/scoring/score.test.ts, random-schemes.test.ts and broken-documents.test.ts, on many more. */

const seed = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))
t.comment(`seed ${seed} (TEST_SEED gives the same run)`)

for (const name of schemesInWords)
  t.test(`${name}: 100,000 random facts`, async t => {
    const { disagreement, seen } = firstDisagreement(name, seed, 100_000)
    t.same(disagreement, undefined, `seed ${seed}`)
    for (const [what, number] of Object.entries(seen)) t.ok(number > 2500, `${number} facts are ${what}`)
  })

t.test('200,000 pairs of random schemes and facts', async t => {
  const { disagreement, schemes, refused, seen } = compareRandomSchemes(seed, 200_000)
  t.same(disagreement, undefined, `seed ${seed}`)
  t.comment(schemes, `${refused} facts out of range`)
  t.same(unseen(seen), [], 'every kind, option and way to go was met')
})

t.test('20,000 broken documents', async t => {
  for (const document of brokenDocuments(seed, 20_000)) {
    const found = complaint(document)
    if (found) return t.fail(`seed ${seed}`, { way: document.way, complaint: found, text: document.text.slice(0, 5000) })
  }
  t.pass('each is refused with a place')
})
