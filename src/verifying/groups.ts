import { isBetter, type OrderKey, sameNumbers } from './stored.ts'

/** Rows that follow each other with one and the same chain. */
export type Group<Row> = { chain: readonly number[]; rows: Row[] }

/** Parts rows, best first, into groups of equal chains. Holds the group in hand and nothing else. */
export class Groups<Row> {
  private readonly order: readonly OrderKey[]
  private readonly take: (group: Group<Row>) => void
  private inHand: Group<Row> | null = null

  constructor(order: readonly OrderKey[], take: (group: Group<Row>) => void) {
    this.order = order
    this.take = take
  }

  /** @throws Error when the rows come in another order: then the caller is at fault, not the run */
  add(chain: readonly number[], row: Row): void {
    const before = this.inHand
    if (before !== null && sameNumbers(chain, before.chain)) {
      before.rows.push(row)
      return
    }
    if (before !== null && isBetter(chain, before.chain, this.order)) throw new Error('the rows are not in the order of their chains')
    this.end()
    this.inHand = { chain, rows: [row] }
  }

  end(): void {
    if (this.inHand !== null) this.take(this.inHand)
    this.inHand = null
  }
}
