import { gateInUnits } from '../../../src/ranking/gate.ts'
import { chainOf } from '../../../src/ranking/order-keys.ts'
import { rank } from '../../../src/ranking/rank.ts'
import { type RoundRules, readRules } from '../../../src/ranking/rules.ts'
import { smallerNumber } from '../oracle-ranking/chains.ts'
import type { Application, Chain, Decided, PoolFigures, RoundOutcome, Standing } from '../oracle-ranking/rules.ts'
import { type RandomRound, scale } from './round.ts'

/** Decides a round by the craft of ranking alone, without a database. */
export function decideInMemory({ text, lottery, applications }: RandomRound): RoundOutcome {
  const rules = readRules(text)
  const chains = new Map(applications.map(one => [one.publicNumber, chainBy(rules, one)]))
  const standings = new Map<string, Standing>()
  const eligible = applications.flatMap(({ publicNumber: id, pool, household, persons }) => {
    const chain = chains.get(id)
    return chain ? [{ id, chain, pool: pool ?? undefined, household: household ?? undefined, persons: persons ?? undefined }] : []
  })
  let pools: PoolFigures[] = []
  let secondRound: RoundOutcome['secondRound'] = null
  if (rules.decides === 'score-line') {
    for (const { id } of eligible) standings.set(id, { pool: '', rank: null, outcome: 'first', reserve: null, lot: null })
  } else {
    const { ranked, summary } = rank(eligible, rules, lottery ?? undefined)
    for (const { entry, head, placed } of ranked) {
      const pool = entry.pool ?? ''
      if (head !== (placed !== null)) throw new Error(`${entry.id} is a head without a place in the ranks, or the reverse`)
      if (!placed) standings.set(entry.id, { pool, rank: null, outcome: 'represented', reserve: null, lot: null })
      else {
        const { rank, outcome, reserve, lot } = placed
        standings.set(entry.id, { pool, rank, outcome, reserve, lot: lot?.toString('hex') ?? null })
      }
    }
    pools = summary.pools.map(pool => ({ ...pool, cutOff: pool.cutOff && [...pool.cutOff] }))
    secondRound = summary.secondRound && { ...summary.secondRound, cutOff: summary.secondRound.cutOff && [...summary.secondRound.cutOff] }
  }
  const decided = applications.map(({ publicNumber }): Decided => {
    return { publicNumber, chain: chains.get(publicNumber) ?? null, standing: standings.get(publicNumber) ?? null }
  })
  return { applications: decided.sort((a, b) => (smallerNumber(a.publicNumber, b.publicNumber) ? -1 : 1)), pools, secondRound }
}

function chainBy(rules: RoundRules, { eligibleByScheme, total, items, measures, submittedAt }: Application): Chain | null {
  const least = gateInUnits(rules, scale)
  if (!eligibleByScheme || total === null || (least !== null && total < least)) return null
  const result = chainOf(rules, { total, item: id => items[id], measure: name => measures[name], submission: submittedAt })
  return 'chain' in result ? result.chain : null
}
