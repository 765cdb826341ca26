import type { Find } from '../findings.ts'
import { isCut, type RankProperty, type Standing } from '../property.ts'
import type { RankedRow, VerifyContext } from '../stored.ts'
import { lotBy, seedOf } from './lots.ts'

/** R8: everybody whom the quota and the line rule admit is admitted. R9: nobody else is. */
export function admission(context: VerifyContext, find: Find): RankProperty {
  const { places, line } = context
  const seed = seedOf(context)

  const admits = (standing: Standing): ((row: RankedRow) => boolean) | null => {
    if (!isCut(standing, places)) return () => standing.position <= places
    if (line !== 'lot') return () => line === 'admit-all'
    if (seed === null) return null // R10 tells it, and nobody can say who is admitted
    const drawn = standing.rows.map(row => ({ row, lot: lotBy(seed, row.publicNumber) })).sort((a, b) => a.lot.compare(b.lot))
    const lucky = new Set(drawn.slice(0, places - standing.position + 1).map(({ row }) => row))
    return row => lucky.has(row)
  }
  return {
    standing(standing) {
      const admitted = admits(standing)
      if (admitted === null) return
      for (const row of standing.rows) {
        if (admitted(row) && row.admitted !== true) find('R8', row.publicNumber, 'the applicant is within the quota and not admitted')
        if (!admitted(row) && row.admitted !== false) find('R9', row.publicNumber, 'the applicant is admitted beyond the quota')
      }
    },
    end() {},
  }
}
