import t from 'tap'
import { changedByNothing, firstDisagreementAfterwards } from '../support/random-rounds/after-the-list.ts'
import { firstDisagreement } from '../support/random-rounds/agreement.ts'
import { decideInMemory } from '../support/random-rounds/in-memory.ts'
import { kinds } from '../support/random-rounds/kinds.ts'
import { randomRound } from '../support/random-rounds/round.ts'

/* The ranking in memory against the oracle. The stored path is compared in test/round/ranking.test.ts, and many more rounds in test/deep/ranking.deep.ts. */

const seed = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))
t.comment(`seed ${seed} (TEST_SEED gives the same rounds)`)

t.test('3,000 random rounds, application by application', async t => {
  const { disagreement, seen } = await firstDisagreement(seed, 3000, decideInMemory)
  t.equal(disagreement, undefined)
  t.strictSame([...seen].sort(), kinds, 'every kind of round and every way through the filling was met')
})

t.test('call-ups of 500 random rounds, after lapses and corrections', async t => {
  const { disagreement, seen } = await firstDisagreementAfterwards(seed, 500)
  t.equal(disagreement, undefined)
  for (const [what, times] of Object.entries(seen)) t.ok(times > 3, `${what}: ${times}`)
})

t.test('a correction that changes nothing changes nothing', async t => {
  for (let one = seed; one < seed + 300; one++) {
    const changed = changedByNothing(randomRound(one))
    if (changed) return t.fail(`seed ${one}: ${changed}`)
  }
  t.pass('in 300 random rounds')
})

t.test('a path that is wrong is found out, with as few applications as show it', async t => {
  const wrong = await firstDisagreement(seed, 3000, round => {
    const outcome = decideInMemory(round)
    for (const { standing } of outcome.applications) if (standing?.rank === 3) standing.rank = 4
    return outcome
  })
  const lines = (wrong.disagreement ?? '').split('\n')
  t.match(lines[0], /^seed \d+$/)
  t.equal(lines.filter(line => line.startsWith('{"publicNumber"')).length, 3)
})
