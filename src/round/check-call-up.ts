import type { RoundRules } from '../ranking/rules.ts'
import type { WaitingPlace } from '../store/places.ts'
import type { Run } from '../store/runs.ts'
import { Filling } from '../verifying/filling.ts'
import { Groups } from '../verifying/groups.ts'
import { LotSheet } from '../verifying/lot-sheet.ts'
import { lottery } from '../verifying/lottery.ts'
import { isBetter } from '../verifying/stored.ts'
import { fillingRules } from './filling-rules.ts'

/**
 * Checks a call-up of one pool by the verifier's own procedure (R18): of those who wait, exactly those are called whom the rules place.
 * @param called in the order of `waiting`
 * @throws Error when the two disagree: then nothing may be sealed
 */
export function checkCallUp(rules: RoundRules, run: Run, waiting: readonly WaitingPlace[], free: number, called: readonly boolean[]): void {
  const { order, line, straddle } = fillingRules(rules)
  const lotOf = lottery(run.lot_secret, run.draw)
  const filling = new Filling({ line, straddle, atRoom: 'admit-none' }, free, null)
  const check = (rows: { pool: number; weight: number; lot(): Buffer; isCalled: boolean }[]) => {
    const lots = new LotSheet(rows.length, i => (rows[i] as (typeof rows)[number]).lot())
    const placed = new Set(filling.group(rows, Uint32Array.from(rows.keys()), lots).placed)
    if (rows.some((row, i) => placed.has(i) !== row.isCalled)) throw new Error('R18: the call-up is not what the rules give')
  }
  const groups = new Groups(order, check)
  const rows = waiting.map((one, i) => ({
    chain: one.chain,
    isCalled: called[i] === true,
    pool: 0,
    weight: one.weight,
    lot: () => lotOf?.(one.public_number) ?? Buffer.alloc(0),
  }))
  rows.sort((a, b) => (isBetter(a.chain, b.chain, order) ? -1 : isBetter(b.chain, a.chain, order) ? 1 : 0))
  for (const row of rows) groups.add(row.chain, row)
  groups.end()
}
