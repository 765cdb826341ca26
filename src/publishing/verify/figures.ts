import type { SealedEdition } from '../edition.ts'
import type { FaultList } from '../faults.ts'
import { type PoolView, poolsOf } from './pools.ts'

/** The counts are those of the list and of the pools, and the places of each pool admit so many by the line rule. */
export function figureFaults(edition: SealedEdition, add: FaultList): void {
  const { counts, entries, amendments } = edition
  const fault = (pointer: string, message: string) => add('wrong-count', pointer, message)
  const { applicants, eligible, admitted } = counts
  if (eligible > applicants) fault('/counts/eligible', 'more are eligible than have applied')
  if (admitted > eligible) fault('/counts/admitted', 'more are admitted than are eligible')
  if (!amendments && admitted !== entries.length) fault('/counts/admitted', `the list has ${entries.length} entries`)
  if (edition.scoreLine !== undefined) {
    if (counts.atLine !== 0) fault('/counts/atLine', 'where a score line decides, no line is drawn by places')
    return
  }
  const pools = poolsOf(edition)
  if (edition.pools) {
    const sum = (figure: (pool: PoolView) => number) => pools.reduce((total, pool) => total + figure(pool), 0)
    if (eligible !== sum(pool => pool.eligible)) fault('/counts/eligible', 'the pools have others together')
    if (admitted !== sum(pool => pool.admitted + pool.admittedSecond)) fault('/counts/admitted', 'the pools have others together')
    if (counts.atLine !== sum(pool => pool.atLine)) fault('/counts/atLine', 'the pools have others together')
  }
  for (const pool of pools) {
    if (!amendments && edition.pools) listedFaults(pool, fault)
    if (edition.quota?.unit !== 'persons') placeFaults(edition, pool, fault)
  }
}

type Find = (pointer: string, message: string) => void

function listedFaults({ entries, admitted, admittedSecond, pointer }: PoolView, fault: Find): void {
  const second = entries.filter(({ entry }) => entry.through === 'second-round').length
  if (admittedSecond !== second) fault(`${pointer}/admittedSecond`, `the list has ${second} of this pool through the second round`)
  const first = entries.length - second
  if (admitted !== first) fault(`${pointer}/admitted`, `the list has ${first} of this pool through the first round`)
}

/** Where everybody takes one place. Who is eligible and represented by another takes none, so with households fewer may compete than are eligible. */
function placeFaults(edition: SealedEdition, pool: PoolView, fault: Find): void {
  const { places, eligible, admitted, admittedSecond, unused, atLine, entries, pointer } = pool
  const rule = edition.line?.rule
  if (admitted + admittedSecond > eligible)
    fault(pointer === '' ? '/counts/admitted' : `${pointer}/admitted`, 'more are admitted than are eligible')
  if (unused !== Math.max(places - admitted, 0))
    fault(`${pointer}/unused`, `the first round leaves ${Math.max(places - admitted, 0)} places`)
  const at = pointer === '' ? '/counts' : pointer
  if (atLine === 0 || rule === 'lot') {
    const wanted = Math.min(places, eligible)
    const isRight = edition.quota?.unit === 'applicants' ? admitted === wanted : admitted <= wanted && (atLine === 0 || admitted === places)
    if (!isRight) fault(`${at}/admitted`, `the places admit ${wanted}`)
    if (atLine > 0 && atLine + admitted <= places) fault(`${at}/atLine`, 'those who share the line do not reach over the places')
  } else if (rule === 'admit-all') {
    const last = entries.findLast(({ entry }) => entry.through === undefined)?.entry.rank
    const tied = entries.filter(({ entry }) => entry.rank === last && entry.through === undefined).length
    const isTied = edition.amendments !== undefined || tied === atLine
    if (admitted <= places || !isTied || admitted - atLine >= places)
      fault(`${at}/atLine`, 'the line does not cut through those who share the last rank')
  } else if (admitted >= places || admitted + atLine <= places) {
    fault(`${at}/atLine`, 'those who share the line and are not admitted do not reach over the places')
  }
}
