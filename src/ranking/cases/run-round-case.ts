import { type Chain, chainOf, formatKeyValue, type KeyUnit } from '../order-keys.ts'
import { rank } from '../rank.ts'
import type { RoundRules } from '../rules.ts'
import type { Application, Fate, RoundCase, RulesInUnits } from './round-case.ts'

/** One word or figure that came out otherwise. `field` is its place in the case, such as `a.rank` of the application a, or `pools.x.cutOff`. */
export type RoundDifference = { field: string; wanted: string | string[]; got: string | string[] }

/** Ranks a case as `readRoundCases` gave it, and compares all of it: what a case leaves out it expects not to be there. */
export function runRoundCase(inUnits: RulesInUnits, one: RoundCase): RoundDifference[] {
  const { rules, gateAtLeast } = inUnits
  const reaches = ({ scored }: Application) => gateAtLeast === null || (scored.total as number) >= gateAtLeast
  const eligible = one.applications.filter(reaches)
  if (rules.decides === 'score-line')
    return fateDifferences(one, new Map(eligible.map(({ id }) => [id, { outcome: 'first', rank: null, reserve: null }])))

  const entries = eligible.map(({ id, scored, pool, household, persons }) => ({
    id,
    chain: wholeChain(rules, scored),
    pool,
    household,
    persons,
  }))
  const { ranked, summary } = rank(entries, withPlaces(rules, one.places), one.lottery)
  const fates = new Map<string, Fate>()
  for (const { entry, placed } of ranked) fates.set(entry.id, placed ?? { outcome: 'represented', rank: null, reserve: null })
  return [...fateDifferences(one, fates), ...figureDifferences(inUnits, one, summary)]
}

function wholeChain(rules: RoundRules, scored: Application['scored']): number[] {
  const result = chainOf(rules, scored)
  if ('reason' in result) throw new TypeError('the case was read for rules with other order keys')
  return result.chain
}

/** Where a case gives another number of places, nothing is carried over. */
function withPlaces(rules: RoundRules, places: RoundCase['places']): RoundRules {
  const pools = rules.pools.map(pool => {
    const given = places.get(pool.pool)
    return given === undefined ? pool : { ...pool, places: given, own: given }
  })
  return { ...rules, pools }
}

function fateDifferences({ applications }: RoundCase, fates: ReadonlyMap<string, Fate>): RoundDifference[] {
  return applications.flatMap(({ id, expect }) => {
    const got = fates.get(id) ?? { outcome: 'not-eligible', rank: null, reserve: null }
    return [
      ...difference(`${id}.outcome`, expect.outcome, got.outcome),
      ...difference(`${id}.rank`, textOf(expect.rank), textOf(got.rank)),
      ...difference(`${id}.reserve`, textOf(expect.reserve), textOf(got.reserve)),
    ]
  })
}

function figureDifferences(
  { rules, units }: RulesInUnits,
  { pools, secondRound }: RoundCase,
  summary: ReturnType<typeof rank>['summary'],
): RoundDifference[] {
  const texts = (cutOff: Chain | null) => (cutOff ?? []).map((value, i) => formatKeyValue(value, units[i] as KeyUnit))
  const ofPools = summary.pools.flatMap(({ pool, ...got }) => {
    const wanted = pools.get(pool) ?? { cutOff: [], atLine: 0, unused: 0 }
    const place = rules.hasPools ? `pools.${pool}.` : ''
    return [
      ...difference(`${place}cutOff`, wanted.cutOff, texts(got.cutOff)),
      ...difference(`${place}atLine`, textOf(wanted.atLine), textOf(got.atLine)),
      ...difference(`${place}unused`, textOf(wanted.unused), textOf(got.unused)),
    ]
  })
  const got = summary.secondRound
  if (got === null || secondRound === null) return ofPools
  return [
    ...ofPools,
    ...difference('secondRound.places', textOf(secondRound.places), textOf(got.places)),
    ...difference('secondRound.cutOff', secondRound.cutOff, texts(got.cutOff)),
    ...difference('secondRound.atLine', textOf(secondRound.atLine), textOf(got.atLine)),
  ]
}

function difference(field: string, wanted: string | string[], got: string | string[]): RoundDifference[] {
  return String(wanted) === String(got) ? [] : [{ field, wanted, got }]
}

function textOf(number: number | null): string {
  return number === null ? 'none' : String(number)
}
