/** What happens when the quota's last place falls among applicants with equal chains. */
export type LineRule = 'admit-all' | 'admit-none' | 'lot'

export const lineRules: readonly LineRule[] = ['admit-all', 'admit-none', 'lot']

/** Where the line falls: `admitted` applicants in all, and `atLine` who share the chain it cuts through (0 when it falls between two chains). */
export type Line = { admitted: number; atLine: number }

/**
 * Draws the line of a ranked list (docs/ranking.md, Place and line).
 * @param places the quota q
 * @param better how many have a better chain than L, the chain at position q
 * @param sharing how many share L
 */
export function drawLine(rule: LineRule, places: number, better: number, sharing: number): Line {
  if (better + sharing <= places) return { admitted: better + sharing, atLine: 0 }
  switch (rule) {
    case 'admit-all':
      return { admitted: better + sharing, atLine: sharing }
    case 'admit-none':
      return { admitted: better, atLine: sharing }
    case 'lot':
      return { admitted: places, atLine: sharing }
  }
}
