import type { LineRule } from '../../ranking/filling.ts'
import type { PlacementSummary } from '../../ranking/placement.ts'
import type { Ranked } from '../../ranking/rank.ts'
import type { RoundRules } from '../../ranking/rules.ts'
import type { Row } from './rows.ts'

type Result = { ranked: readonly Ranked<Row>[]; summary: PlacementSummary }
/** How a ranked row is written, and the summary. */
type Told = { told(ranked: Ranked<Row>): object; summary: object }

/** Of a list that was ranked against a quota. */
export function listOfQuota({ ranked, summary }: Result, line: LineRule): Told {
  const isAdmitted = ({ placed }: Ranked<Row>) => placed?.outcome === 'first'
  const last = ranked.findLast(isAdmitted)?.entry
  const [pool] = summary.pools
  return {
    told({ entry: { id, total, keys }, placed }) {
      return { id, total, ...(keys && { keys }), rank: placed?.rank, admitted: placed?.outcome === 'first' }
    },
    summary: {
      applicants: ranked.length,
      admitted: pool?.admitted,
      cutOff: last ? [last.total, ...(last.keys ?? [])] : null,
      atLine: pool?.atLine,
      line,
    },
  }
}

/** Of a list that was ranked by round rules. The place of a household is that of those it represents too. */
export function listOfRules({ ranked, summary }: Result, { line, hasPools }: RoundRules): Told {
  const admittedHouseholds = new Set<string | undefined>()
  for (const { entry, placed } of ranked) if (placed && placed.outcome !== 'none') admittedHouseholds.add(entry.household)
  const lastKeys = (outcome: 'first' | 'second', pool?: string) =>
    ranked.findLast(({ entry, placed }) => placed?.outcome === outcome && (pool === undefined || entry.pool === pool))?.entry.keys ?? null

  const { pools, secondRound } = summary
  return {
    told({ entry: { line: _line, chain: _chain, ...given }, placed }) {
      if (placed === null)
        return { ...given, rank: null, outcome: 'represented', admitted: admittedHouseholds.has(given.household), reserve: null }
      const { rank, outcome, reserve, lot } = placed
      return { ...given, rank, outcome, admitted: outcome !== 'none', reserve, ...(lot && { lot: lot.toString('hex') }) }
    },
    summary: {
      applicants: ranked.length,
      heads: pools.reduce((sum, { heads }) => sum + heads, 0),
      admitted: pools.reduce((sum, { admitted, admittedSecond }) => sum + admitted + admittedSecond, 0),
      pools: pools.map(({ pool, ...figures }) => ({
        ...(hasPools && { pool }),
        ...figures,
        cutOff: lastKeys('first', hasPools ? pool : undefined),
      })),
      ...(secondRound && { secondRound: { ...secondRound, cutOff: lastKeys('second') } }),
      line,
    },
  }
}
