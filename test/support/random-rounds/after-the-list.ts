import { isDeepStrictEqual } from 'node:util'
import { callUp } from '../../../src/ranking/call-up.ts'
import { lotOf } from '../../../src/ranking/lot.ts'
import { readRules } from '../../../src/ranking/rules.ts'
import {
  type AfterTheList,
  afterCallUp,
  afterCorrection,
  afterTheRun,
  callUp as callUpByOracle,
  correct,
  lapse,
} from '../oracle-ranking/after-the-list.ts'
import { headsOf } from '../oracle-ranking/heads.ts'
import type { Lottery } from '../oracle-ranking/rules.ts'
import { type Random, randomFrom } from '../random-facts.ts'
import { type RandomRound, randomRound } from './round.ts'
import { shrunk } from './shrink.ts'

const steps = 4

/**
 * Lets random rounds live on after the list: places lapse, applications are corrected, households are called up, by the craft and by the oracle. Gives
 * the first disagreement as text, undefined when all agree, and how often things happened.
 */
export async function firstDisagreementAfterwards(
  seed: number,
  count: number,
): Promise<{ disagreement: string | undefined; seen: { [what: string]: number } }> {
  const seen: { [what: string]: number } = { 'called up': 0, 'called up in part': 0, admitted: 0, 'struck-off': 0 }
  for (let one = seed; one < seed + count; one++) {
    const round = randomRound(one)
    if (round.rules.scoreLine !== null) continue
    const told = complaint(round, seen)
    if (told === undefined) continue
    const small = await shrunk(round, async smaller => complaint(smaller) !== undefined)
    const applications = small.applications.map(application => JSON.stringify(application))
    return { disagreement: [`seed ${one}`, small.text, ...applications, complaint(small)].join('\n'), seen }
  }
  return { disagreement: undefined, seen }
}

function complaint(round: RandomRound, seen: { [what: string]: number } = {}): string | undefined {
  const { rules, lottery } = round
  const random = randomFrom(round.seed ^ 0x5eed)
  let after = afterTheRun(round.applications, rules, lottery)
  const happened = (what: string) => {
    seen[what] = (seen[what] ?? 0) + 1
  }
  for (let step = 0; step < steps; step++) {
    after = lapse(
      after,
      [...after.holding].filter(() => random.chance(20)),
    )
    const corrected = random.chance(50) ? randomCorrection(random, after) : undefined
    if (corrected) {
      const outcome = correct(after, corrected, rules, lottery)
      if (outcome.change) happened(outcome.change)
      after = afterCorrection(after, corrected, outcome)
    }
    for (const { pool } of rules.pools) {
      const { free, candidates, calledUp } = callUpByOracle(after, pool, rules, lottery)
      const waiting = candidates.map(({ chain, weight, publicNumber }) => ({
        chain,
        weight,
        lot: () => lotOf(lottery as Lottery, publicNumber),
      }))
      const byCraft = callUp(readRules(round.text), waiting, free)
      const byOracle = candidates.map(head => calledUp.includes(head))
      if (!isDeepStrictEqual(byCraft, byOracle)) return JSON.stringify({ step, pool, free, candidates, byCraft, byOracle })
      if (calledUp.length > 0) happened('called up')
      if (calledUp.length > 0 && calledUp.length < candidates.length) happened('called up in part')
      after = afterCallUp(after, calledUp)
    }
  }
  return undefined
}

/** One application with another total, another item, or no longer eligible. */
function randomCorrection(random: Random, { applications }: AfterTheList) {
  if (applications.length === 0) return undefined
  const one = random.pick(applications)
  const points = random.pick([-5000, -50, 0, 50, 5000])
  const items = Object.fromEntries(Object.keys(one.items).map(id => [id, random.below(5) - 2]))
  return { ...one, eligibleByScheme: !random.chance(15), total: ((one.total ?? 0) % 1_000_000) + points, items }
}

/** A correction that changes nothing must change nothing: gives the first application for which the rules say otherwise; of a large round a part is tried. */
export function changedByNothing({ rules, lottery, applications }: RandomRound): string | undefined {
  if (rules.scoreLine !== null) return undefined
  const after = afterTheRun(applications, rules, lottery)
  const heads = new Map(headsOf(applications, rules).map(head => [head.publicNumber, head.household]))
  for (const same of applications.slice(0, 20)) {
    const { head, change } = correct(after, same, rules, lottery)
    const reserve = (head && after.reserve.get(heads.get(head.publicNumber) as string)) ?? null
    if (change !== null || (head && head.reserve !== reserve)) return `${same.publicNumber}: ${JSON.stringify({ head, change, reserve })}`
  }
  return undefined
}
