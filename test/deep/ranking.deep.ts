import t from 'tap'
import { throwAwayDatabase } from '../support/database.ts'
import { firstDifference, kinds } from '../support/random-rankings.ts'

t.test('10,000 random rankings agree: SQL, memory, oracle and verifier', async t => {
  const seed = Date.now() & 0x7fffffff
  t.comment(`seed ${seed}`)
  const { difference, seen } = await firstDifference(await throwAwayDatabase(t), seed, 10_000)
  t.equal(difference && JSON.stringify(difference), undefined)
  t.strictSame(seen, kinds)
})
