import t from 'tap'
import { compareRandomSchemes, unseen } from '../support/random-schemes.ts'

/* Whole random schemes, so that the language is compared with the oracle far from the rules that happen to be shipped. */

const seed = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))
t.comment(`seed ${seed} (TEST_SEED gives the same run)`)

t.test('5,000 pairs of random schemes and facts: integers, explained steps and oracle agree', async t => {
  const { disagreement, pairs, schemes, refused, seen } = compareRandomSchemes(seed, 5000)
  t.same(disagreement, undefined, `seed ${seed}`)
  t.comment(`${pairs} pairs`, schemes, `${refused} facts out of range`)
  t.ok(refused < pairs / 20, `${refused} facts are out of range`)
  t.ok(
    schemes.refused + schemes.repaired <= (schemes.clean + schemes.repaired + schemes.refused) / 3,
    'most schemes are clean as they are made',
  )
  t.same(unseen(seen), [], 'every kind of node, measure and condition, every option and every way to go was met')
})
