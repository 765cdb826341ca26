import type { InputRow, RankedRow } from './stored.ts'

/** A property that is checked row by row in the first pass. */
export type InputProperty = { row(row: InputRow): void; end(): void }

/** Entries that follow each other with one and the same chain. `position` of the first of them is counted from 1; the chain is null if it is not whole. */
export type Standing = { position: number; chain: readonly number[] | null; rows: RankedRow[] }

/** A property that is checked on the standings of the second pass, best first. */
export type RankProperty = { standing(standing: Standing): void; end(): void }

/** Whether the quota's last place falls within the standing, so that the line cuts through it. */
export function isCut(standing: Standing, places: number): boolean {
  return standing.position <= places && places < standing.position + standing.rows.length - 1
}
