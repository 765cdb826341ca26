import t from 'tap'
import { throwAwayDatabase } from '../support/database.ts'
import { firstDisagreement } from '../support/random-rounds/agreement.ts'
import { storedPath } from '../support/stored-rounds.ts'

t.test('150 random rounds that PostgreSQL sorts and stores come out as the oracle says', async t => {
  const seed = Date.now() & 0x7fffffff
  t.comment(`seed ${seed}`)
  const { disagreement, seen } = await firstDisagreement(seed, 150, await storedPath(await throwAwayDatabase(t)))
  t.equal(disagreement, undefined)
  for (const kind of [
    'represented',
    'a score line',
    'persons',
    'households',
    '4 pools',
    'a shared rank',
    'a shared reserve number',
    'beyond the reserve list',
  ])
    t.ok(seen.has(kind), kind)
})
