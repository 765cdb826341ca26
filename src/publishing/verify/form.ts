import type { SealedEdition } from '../edition.ts'
import type { FaultList } from '../faults.ts'

/** Which parts stand together: a score line or a ranking, one pool or several, a lot with what it was drawn from. All are faults `wrong-form`. */
export function formFaults(edition: SealedEdition, add: FaultList): void {
  const { scoreLine, order, quota, line, straddle, cutOff, reserve, pools, setAside, secondRound, entries } = edition
  const wanted = (isThere: boolean, isWanted: boolean, pointer: string, when: string) => {
    if (isThere !== isWanted) add('wrong-form', pointer, isWanted ? `this is missing: ${when}` : `this has no meaning here: ${when}`)
  }
  const isRanked = scoreLine === undefined
  const ranked = isRanked ? 'the list is ranked' : 'a score line decides'
  for (const [part, value] of Object.entries({ order, quota, line })) wanted(value !== undefined, isRanked, `/${part}`, ranked)
  const hasPools = pools !== undefined
  const pooled = hasPools ? 'the round has pools' : 'the round has no pools'
  wanted(cutOff !== undefined, isRanked && !hasPools, '/cutOff', isRanked ? pooled : ranked)
  wanted(quota?.places !== undefined, isRanked && !hasPools, '/quota/places', isRanked ? pooled : ranked)
  if (!isRanked || hasPools) wanted(reserve !== undefined, false, '/reserve', isRanked ? pooled : ranked)
  if (!isRanked)
    for (const [part, value] of Object.entries({ pools, setAside, secondRound })) wanted(value !== undefined, false, `/${part}`, ranked)
  if (setAside) wanted(hasPools, true, '/pools', 'a pool is set aside')
  if (secondRound) wanted(hasPools, true, '/pools', 'there is a second round')
  wanted(
    straddle !== undefined,
    quota?.unit === 'persons',
    '/straddle',
    quota?.unit === 'persons' ? 'places are of persons' : 'places are not of persons',
  )
  const isLot = line?.rule === 'lot'
  for (const part of ['secret', 'secretDigest', 'draws', 'lots'] as const)
    wanted(line?.[part] !== undefined, isLot, `/line/${part}`, isLot ? 'lots decide at the line' : 'no lots are drawn')
  const names = new Set<string>()
  for (const { pool } of [...(pools ?? []), ...(setAside ?? [])]) {
    if (names.has(pool)) add('wrong-form', '/pools', 'a pool stands here twice')
    names.add(pool)
  }
  const known = new Set(pools?.map(one => one.pool))
  for (const [i, { rank, pool }] of entries.entries()) {
    wanted(rank !== null, isRanked, `/entries/${i}/rank`, ranked)
    wanted(pool !== undefined, hasPools, `/entries/${i}/pool`, pooled)
    if (pool !== undefined && hasPools && !known.has(pool)) add('wrong-form', `/entries/${i}/pool`, 'there is no such pool in this edition')
  }
}
