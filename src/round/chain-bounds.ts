import type { Run } from '../store/runs.ts'

/** Watches between which values each order key ranges, so that a chain can be sorted as one number. */
export function chainBounds(): { add(chain: readonly number[]): void; found(): Pick<Run, 'chain_least' | 'chain_most'> } {
  const least: number[] = []
  const most: number[] = []
  return {
    add(chain) {
      for (let i = 0; i < chain.length; i++) {
        const value = chain[i] as number
        if (!(value >= (least[i] as number))) least[i] = value
        if (!(value <= (most[i] as number))) most[i] = value
      }
    },
    found: () => (least.length === 0 ? { chain_least: null, chain_most: null } : { chain_least: least, chain_most: most }),
  }
}
