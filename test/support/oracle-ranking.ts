import { createHash } from 'node:crypto'

/*
 * docs/ranking.md, sentence by sentence and without any speed: each applicant is compared with each other. It shares no code with the
 * ranking, in SQL or in memory, nor with the verifier.
 */

export type Applicant = { publicNumber: string; chain: number[] | null }
export type RankingCase = {
  applicants: Applicant[]
  order: ('asc' | 'desc')[]
  quota: number
  line: 'admit-all' | 'admit-none' | 'lot'
  lotSeed: Buffer
}
/** `lot` in hexadecimal. */
export type Placed = { publicNumber: string; rank: number | null; admitted: boolean; lot: string | null }
export type Ranked = { result: { eligible: number; admitted: number; cutOff: number[] | null; atLine: number }; placed: Placed[] }

export function oracle({ applicants, order, quota, line, lotSeed }: RankingCase): Ranked {
  const better = (a: number[], b: number[]): boolean => {
    const key = a.findIndex((value, i) => value !== b[i])
    if (key < 0) return false
    return order[key] === 'desc' ? (a[key] as number) > (b[key] as number) : (a[key] as number) < (b[key] as number)
  }
  const ranked = applicants.flatMap(({ publicNumber, chain }) => (chain ? [{ publicNumber, chain }] : []))
  const rankOf = (chain: number[]) => 1 + ranked.filter(other => better(other.chain, chain)).length
  const sorted = [...ranked].sort((a, b) => rankOf(a.chain) - rankOf(b.chain))
  const lotOf = (publicNumber: string) => createHash('sha256').update(lotSeed).update(publicNumber, 'utf8').digest('hex')

  let admitted: string[] = []
  let lots: string[] = []
  let atLine = 0
  if (ranked.length <= quota) admitted = ranked.map(a => a.publicNumber)
  else if (quota > 0) {
    const last = (sorted[quota - 1] as (typeof sorted)[0]).chain
    const next = (sorted[quota] as (typeof sorted)[0]).chain
    if (better(last, next)) admitted = sorted.slice(0, quota).map(a => a.publicNumber)
    else {
      const above = sorted.filter(a => better(a.chain, last)).map(a => a.publicNumber)
      const sharing = sorted.filter(a => rankOf(a.chain) === rankOf(last)).map(a => a.publicNumber)
      atLine = sharing.length
      if (line === 'lot') lots = sharing
      const drawn = [...sharing].sort((a, b) => (lotOf(a) < lotOf(b) ? -1 : 1)).slice(0, quota - above.length)
      admitted = [...above, ...(line === 'admit-all' ? sharing : line === 'lot' ? drawn : [])]
    }
  }
  const cutOff = sorted.filter(a => admitted.includes(a.publicNumber)).at(-1)?.chain ?? null
  const placed = applicants.map(
    ({ publicNumber, chain }): Placed => ({
      publicNumber,
      rank: chain ? rankOf(chain) : null,
      admitted: admitted.includes(publicNumber),
      lot: lots.includes(publicNumber) ? lotOf(publicNumber) : null,
    }),
  )
  return { result: { eligible: ranked.length, admitted: admitted.length, cutOff, atLine }, placed: byNumber(placed) }
}

/** In the byte order of public numbers. */
export function byNumber<T extends { publicNumber: string }>(list: readonly T[]): T[] {
  return [...list].sort((a, b) => Buffer.compare(Buffer.from(a.publicNumber), Buffer.from(b.publicNumber)))
}
