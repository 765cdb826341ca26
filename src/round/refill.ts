import { type Lottery, lotOf } from '../ranking/lot.ts'
import { compareChains } from '../ranking/order-keys.ts'
import { type Competitor, createPlacement } from '../ranking/placement.ts'
import type { RoundRules } from '../ranking/rules.ts'
import { type Member, type RefilledHead, refilledHeads } from '../store/corrections.ts'
import type { Run, RunKey } from '../store/runs.ts'
import type { Work } from '../store/transaction.ts'
import { lottery } from '../verifying/lottery.ts'
import { Recomputation } from '../verifying/recomputation.ts'
import { isBetter } from '../verifying/stored.ts'
import { fillingRules } from './filling-rules.ts'
import { lotteryOf } from './lottery.ts'

/** What filling a run again makes of one head: its rank and reserve number, and whether it is admitted. */
export type Refilled = { rank: number; reserve: number | null; isAdmitted: boolean }

/**
 * Fills a run again with all chains as last corrected (docs/ranking.md, Late correction) and tells what becomes of one head: it is admitted if this filling
 * admits it, or if a head of its pool that is not lighter holds a place with a worse chain or, except under `lot`, with an equal one. The run is streamed, and
 * only the group in hand is kept. The verifier's own procedure goes along and must come to the same (R17).
 * @throws Error when the two disagree: then nothing may be sealed
 */
export async function refill({ client }: Work, key: RunKey, rules: RoundRules, run: Run, head: Member): Promise<Refilled> {
  const directions = rules.order.map(({ direction }) => direction)
  const pools = new Map(rules.pools.map(({ pool }, i) => [pool, i]))
  const craft = createPlacement(rules)
  const verifying = { rules: fillingRules(rules), lotOf: lottery(run.lot_secret, run.draw) }
  const second = new Recomputation(verifying.rules)
  const draw = lotteryOf(run)
  const competitor = (one: RefilledHead): Competitor => ({
    pool: pools.get(one.pool) as number,
    weight: one.weight,
    lot: () => lotOf(draw as Lottery, one.publicNumber),
  })
  const candidate = (one: RefilledHead) => ({ pool: pools.get(one.pool) as number, weight: one.weight })
  const lotAtIn = (group: readonly RefilledHead[]) => (i: number) =>
    verifying.lotOf?.((group[i] as RefilledHead).publicNumber) ?? Buffer.alloc(0)

  if (rules.secondRound !== null)
    for await (const group of groupsOf(refilledHeads(client, key, rules.order))) {
      craft.survey(group.map(competitor))
      second.survey(group.map(candidate), lotAtIn(group))
    }
  let found: Refilled | undefined
  let again: Refilled | undefined
  let [isBefore, isBeforeAgain] = [false, false]
  for await (const group of groupsOf(refilledHeads(client, key, rules.order))) {
    const { chain } = group[0] as RefilledHead
    const rivals = group.filter(
      one => one.holds && one.pool === head.pool && one.weight >= head.weight && one.publicNumber !== head.public_number,
    )
    if (rivals.length > 0) {
      const order = compareChains(head.chain, chain, directions)
      isBefore ||= order < 0 || (order === 0 && rules.line !== 'lot')
      const isWorse = isBetter(chain, head.chain, verifying.rules.order)
      isBeforeAgain ||= rules.line === 'lot' ? isBetter(head.chain, chain, verifying.rules.order) : !isWorse
    }
    const i = group.findIndex(one => one.publicNumber === head.public_number)
    const placed = craft.place(chain, group.map(competitor)).at(i)
    const decision = second.decide(group.map(candidate), lotAtIn(group))
    const decided = i < 0 ? undefined : decision(i)
    if (placed) found = { rank: placed.rank, reserve: placed.reserve, isAdmitted: placed.outcome !== 'none' }
    if (decided) again = { rank: decided.rank, reserve: decided.reserve, isAdmitted: decided.outcome !== 'none' }
  }
  if (!found || !again) throw new Error('R17: the head of the corrected household is not among the heads of the run')
  const [first, other] = [found, again].map((one, i) => ({ ...one, isAdmitted: one.isAdmitted || (i === 0 ? isBefore : isBeforeAgain) }))
  if (JSON.stringify(first) !== JSON.stringify(other)) throw new Error('R17: the correction is not what the rules give')
  return first as Refilled
}

/** The heads that follow each other with equal chains. */
async function* groupsOf(batches: AsyncIterable<RefilledHead[]>): AsyncGenerator<RefilledHead[]> {
  let group: RefilledHead[] = []
  for await (const batch of batches)
    for (const head of batch) {
      const [first] = group
      if (first && !first.chain.every((value, i) => value === head.chain[i])) {
        yield group
        group = []
      }
      group.push(head)
    }
  if (group.length > 0) yield group
}
