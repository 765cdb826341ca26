import { gateInUnits } from '../ranking/gate.ts'
import { chainOf, type KeyUnit, unitsOf } from '../ranking/order-keys.ts'
import type { RoundRules } from '../ranking/rules.ts'
import { readFacts } from '../scoring/evidence/read-facts.ts'
import type { Scheme } from '../scoring/scheme/scheme.ts'
import { type Reason, type Score, type Scorer, scorer } from '../scoring/score.ts'
import { codesUnit, dateUnit, yesNoUnit } from '../scoring/vocabulary.ts'
import type { DayNumber } from '../values/civil-date.ts'
import { type Fault, Refusal } from '../values/refusal.ts'
import { type Claim, readClaim } from './claim.ts'

/** Why an eligible score still has no place in the ranking. */
export type RoundReason = Reason | { code: 'below-gate' | 'gate-open' } | { code: 'order-key-missing'; key: string }

/** What a round makes of one score: whether it is ranked, by which total and which chain. */
export type Standing = {
  eligible: 'yes' | 'no' | 'undetermined'
  total: number | null
  items: (number | null)[]
  missing: string[]
  reasons: RoundReason[]
  chain: number[] | null
  /** As the application claims them. */
  pool: string | null
  /** The keyed digest of its label, in hexadecimal. */
  household: string | null
  persons: number | null
}

/** A scheme and round rules put together for one reference date. */
export type Judge = {
  scheme: Scheme
  rules: RoundRules
  scorer: Scorer
  /** Position of the ranked total among the scheme's totals. */
  total: number
  gateAtLeast: number | null
  units: KeyUnit[]
  /** Reads a frozen document of facts and the claim frozen with it, and judges them. */
  judge(document: string, claim: string): Standing
  /** Scores a frozen document of facts. */
  score(document: string): Score
  /** What a round makes of a score, under the claim of its application. */
  standing(score: Score, claim: string): Standing
  /** The measure by which an application is known not to belong to the pool that it claims. */
  misplaced(score: Score, claim: string): { measure: string; is: string } | undefined
}

/**
 * Fits a scheme and round rules together.
 * @throws Refusal `invalid-rules` when the rules name what the scheme has not; `incomplete-scheme`
 */
export function fitTogether(scheme: Scheme, rules: RoundRules, asOf: DayNumber): Judge {
  if (scheme.status !== 'complete')
    throw new Refusal(
      'incomplete-scheme',
      `The scheme ${scheme.scheme}/${scheme.version} lacks known parts: it gives estimates, but no round can use it.`,
    )
  const total = scheme.totals.findIndex(one => one.total === rules.total)
  const rankedTotal = scheme.totals[total]
  if (!rankedTotal)
    throw new Refusal('invalid-rules', [
      {
        code: 'unknown-name',
        pointer: '/total',
        message: `the scheme has no total "${rules.total}"; it has: ${scheme.totals.map(one => one.total).join(', ')}`,
      },
    ])
  const units = unitsOf(rules.order, {
    totalScale: rankedTotal.scale,
    itemScale: id => scheme.items.find(item => item.item === id)?.scale,
    measureUnit(name) {
      const unit = scheme.measures.find(measure => measure.name === name)?.definition.unit
      if (!unit || unit.name === codesUnit || unit.name === yesNoUnit) return undefined
      return unit.name === dateUnit ? { kind: 'date' } : { kind: 'decimal', scale: unit.scale }
    },
  })
  checkPools(scheme, rules)
  const gateAtLeast = gateInUnits(rules, rankedTotal.scale)
  const bound = scorer(scheme, asOf)
  const itemIndex = new Map(scheme.items.map((item, i) => [item.item, i]))

  const names = <Part>(indexes: readonly number[], parts: readonly Part[], name: (part: Part) => string) =>
    new Set(indexes.map(i => name(parts[i] as Part)))
  const gates = names(rankedTotal.gates, scheme.gates, ({ gate }) => gate)
  const freezes = names(rankedTotal.freezes, scheme.freezes, ({ freeze }) => freeze)
  const items = names(rankedTotal.items, scheme.items, ({ item }) => item)
  /** Whether a reason concerns the total that is ranked: who cannot have a school place may settle all the same. */
  const concerns = (reason: Reason): boolean => {
    if ('gate' in reason) return gates.has(reason.gate)
    if ('freeze' in reason) return freezes.has(reason.freeze)
    return 'item' in reason ? items.has(reason.item) : true
  }

  // Applications of a bulk intake stand one behind the other with the same claim.
  let [lastText, lastClaim]: [string | undefined, Claim] = [undefined, readClaim('')]
  const claimOf = (text: string): Claim => {
    if (text !== lastText) [lastText, lastClaim] = [text, readClaim(text)]
    return lastClaim
  }
  const poolFacts = new Map(rules.pools.flatMap(({ pool, where }) => (where ? [[pool, where] as const] : [])))
  const score = (document: string) => bound.score(readFacts(scheme.vocabulary, JSON.parse(document)))

  const standing = (score: Score, claimed: string): Standing => {
    const { submittedAt, pool, household, persons } = claimOf(claimed)
    const points = score.totals[total]
    const itemPoints = score.items.map(item => item.points)
    const reasons: RoundReason[] = score.reasons.filter(concerns)
    let eligible = score.eligibleFor[total] as Standing['eligible']
    const value = points?.points ?? null
    if (eligible === 'yes' && gateAtLeast !== null && value !== null && value < gateAtLeast) {
      // A lower bound below the gate is no failure: the missing evidence might lift it.
      const open = points?.known === 'lower-bound'
      eligible = open ? 'undetermined' : 'no'
      reasons.push({ code: open ? 'gate-open' : 'below-gate' })
    }
    let chain: number[] | null = null
    if (eligible === 'yes') {
      const result = chainOf(rules, {
        total: value,
        item: id => itemPoints[itemIndex.get(id) as number],
        measure: name => score.measure(name) as number | undefined,
        submission: Date.parse(submittedAt ?? ''),
      })
      if ('chain' in result) chain = result.chain
      else {
        eligible = 'undetermined'
        for (const key of result.missing) reasons.push({ code: 'order-key-missing', key: 'of' in key ? key.of : key.key })
      }
    }
    return { eligible, total: value, items: itemPoints, missing: score.missing, reasons, chain, pool, household, persons }
  }
  return {
    scheme,
    rules,
    scorer: bound,
    total,
    gateAtLeast,
    units,
    standing,
    score,
    judge: (document, claim) => standing(score(document), claim),
    misplaced(score, claim) {
      const where = poolFacts.get(claimOf(claim).pool ?? '')
      const value = where && score.measure(where.measure)
      return value === undefined || (value as readonly string[]).includes(where?.is as string) ? undefined : where
    },
  }
}

/** A pool can be tied only to a measure of codes, and to one of its codes. */
function checkPools(scheme: Scheme, { pools }: RoundRules): void {
  const faults: Fault[] = []
  for (const [i, { where }] of pools.entries()) {
    if (where === null) continue
    const measure = scheme.measures.find(({ name }) => name === where.measure)
    const codes = measure?.definition.unit.name === codesUnit ? measure.codes : undefined
    const pointer = `/quota/pools/${i}/where`
    if (codes === undefined)
      faults.push({ code: 'unknown-name', pointer: `${pointer}/measure`, message: `the scheme has no measure "${where.measure}" of codes` })
    else if (!codes.has(where.is))
      faults.push({
        code: 'unknown-name',
        pointer: `${pointer}/is`,
        message: `the measure "${where.measure}" never gives "${where.is}"; it gives: ${[...codes].join(', ')}`,
      })
  }
  if (faults.length > 0) throw new Refusal('invalid-rules', faults)
}

/** What is kept of a score, and must come out again whoever scores it. */
type Kept = {
  eligible: string
  total: number | null
  items: readonly (number | null)[] | null
  chain: readonly (number | null)[] | null
}

export function isSameScore(a: Kept, b: Kept): boolean {
  const text = ({ eligible, total, items, chain }: Kept) => JSON.stringify([eligible, total, items, chain])
  return text(a) === text(b)
}
