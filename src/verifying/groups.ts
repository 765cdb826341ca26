import { isBetter, type OrderKey, sameNumbers } from './stored.ts'

/** Watches chains go by, best first, and tells where a new group of equal ones begins. */
export class ChainOrder {
  private readonly order: readonly OrderKey[]
  private last: readonly number[] | null = null

  constructor(order: readonly OrderKey[]) {
    this.order = order
  }

  /** @throws Error when the chains come in another order: then the caller is at fault, not the run */
  begins(chain: readonly number[]): boolean {
    const { last } = this
    if (last !== null && sameNumbers(chain, last)) return false
    if (last !== null && isBetter(chain, last, this.order)) throw new Error('the rows are not in the order of their chains')
    this.last = chain
    return true
  }
}

/** Parts rows, best first, into groups of equal chains. Holds the group in hand and nothing else. */
export class Groups<Row> {
  private readonly chains: ChainOrder
  private readonly take: (rows: Row[]) => void
  private inHand: Row[] = []

  constructor(order: readonly OrderKey[], take: (rows: Row[]) => void) {
    this.chains = new ChainOrder(order)
    this.take = take
  }

  /** @throws Error when the rows come in another order */
  add(chain: readonly number[], row: Row): void {
    if (this.chains.begins(chain)) this.end()
    this.inHand.push(row)
  }

  end(): void {
    if (this.inHand.length > 0) this.take(this.inHand)
    this.inHand = []
  }
}
