import t from 'tap'
import { changedByNothing, firstDisagreementAfterwards } from '../support/random-rounds/after-the-list.ts'
import { firstDisagreement } from '../support/random-rounds/agreement.ts'
import { decideInMemory } from '../support/random-rounds/in-memory.ts'
import { kinds } from '../support/random-rounds/kinds.ts'
import { randomRound } from '../support/random-rounds/round.ts'

/* The comparisons of test/ranking/random-rounds.test.ts, on many more. */

const seed = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))
t.comment(`seed ${seed} (TEST_SEED gives the same rounds)`)

t.test('50,000 random rounds, application by application', async t => {
  const { disagreement, seen } = await firstDisagreement(seed, 50_000, decideInMemory)
  t.equal(disagreement, undefined)
  t.strictSame([...seen].sort(), kinds, 'every kind of round and every way through the filling was met')
})

t.test('call-ups of 10,000 random rounds, after lapses and corrections', async t => {
  const { disagreement } = await firstDisagreementAfterwards(seed, 10_000)
  t.equal(disagreement, undefined)
})

t.test('a correction that changes nothing changes nothing, in 5,000 random rounds', async t => {
  for (let one = seed; one < seed + 5000; one++) {
    const changed = changedByNothing(randomRound(one))
    if (changed) return t.fail(`seed ${one}: ${changed}`)
  }
  t.pass('in none')
})
