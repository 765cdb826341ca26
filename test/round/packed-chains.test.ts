import t from 'tap'
import { chainBounds } from '../../src/round/chain-bounds.ts'
import { entryWriter } from '../../src/store/entries.ts'
import { storeRanks } from '../../src/store/plain-ranking.ts'
import type { Run } from '../../src/store/runs.ts'
import { inTransaction } from '../../src/store/transaction.ts'
import { throwAwayDatabase } from '../support/database.ts'
import { randomFrom } from '../support/random-facts.ts'

/*
 * Where the keys of an order range little enough, a chain is sorted as one number. That number must order as the chain does, and where the keys range
 * further the chain itself is sorted.
 */

const seed = Date.now() & 0x7fffffff
const random = randomFrom(seed)
t.comment(`seed ${seed}`)

const spans = [0, 1, 1, 9, 1000, 20_000, 2 ** 31, Number.MAX_SAFE_INTEGER]

t.test('60 orders of one to six keys', async t => {
  const { pool } = await throwAwayDatabase(t)
  const seen = { packed: 0, notPacked: 0 }
  for (let one = 0; one < 60; one++) {
    const order = Array.from({ length: 1 + random.below(6) }, () => random.pick(['asc', 'desc'] as const))
    const keys = order.map(() => ({ least: random.pick([0, -7, 16_000, -Number.MAX_SAFE_INTEGER]), span: random.pick(spans) }))
    const value = ({ least, span }: (typeof keys)[0]) => {
      const middle = Math.floor(span / 2)
      const step = random.pick([0, span, middle, middle + random.below(2), random.below(Math.min(span, 2 ** 31) + 1)])
      return Math.min(least + step, Number.MAX_SAFE_INTEGER)
    }
    const chains: number[][] = []
    for (let i = 0; i < 80; i++) {
      // Most are equal to another one down to some key, so that the keys behind it decide.
      const like = i > 0 && random.chance(60) ? (chains[random.below(i)] as number[]).slice(0, random.below(keys.length + 1)) : []
      chains.push([...like, ...keys.slice(like.length).map(value)])
    }
    const bounds = chainBounds()
    for (const chain of chains) bounds.add(chain)
    const run = { authority: 'an-office', round: `round-${one}`, run: 1, ...bounds.found() } as Run
    const range = (run.chain_most as number[]).reduce(
      (all, most, i) => all * (BigInt(most) - BigInt(run.chain_least?.[i] as number) + 1n),
      1n,
    )
    seen[range < 2n ** 63n ? 'packed' : 'notPacked']++

    await inTransaction(pool, async work => {
      const writer = entryWriter(work.client, run)
      for (const [i, chain] of chains.entries()) {
        const rest = {
          eligible: 'yes',
          total: null,
          items: [],
          reasons: [],
          missing: [],
          pool: null,
          household: null,
          persons: null,
        } as const
        await writer.write(i + 1, { ...rest, chain }, '00')
      }
      await writer.end()
      await storeRanks(work, run, { order, pools: [{ pool: '', places: 5 }], hasPools: false })
    })
    const { rows } = await pool.query('select rank, outcome from standings where round = $1 order by application', [run.round])
    const expected = chains.map(chain => 1 + chains.filter(other => isBetter(other, chain, order)).length)
    t.strictSame(
      rows.map(({ rank }) => rank),
      expected,
      `round ${one}: ${order}`,
    )
    t.ok(rows.every(({ rank, outcome }) => outcome === (rank <= 5 ? 'first' : 'none')))
  }
  t.ok(seen.packed > 10 && seen.notPacked > 10, JSON.stringify(seen))
})

function isBetter(a: readonly number[], b: readonly number[], order: readonly ('asc' | 'desc')[]): boolean {
  for (const [i, direction] of order.entries()) {
    const [one, other] = [a[i] as number, b[i] as number]
    if (one !== other) return direction === 'asc' ? one < other : one > other
  }
  return false
}
