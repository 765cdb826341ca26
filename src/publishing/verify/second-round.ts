import type { SealedEdition } from '../edition.ts'
import type { FaultList } from '../faults.ts'
import { poolsOf } from './pools.ts'

/** The places of the second round are those that the first left, and no pool takes more than its room. Where places are of persons, a list does not show their number. */
export function secondRoundFaults(edition: SealedEdition, add: FaultList): void {
  const { secondRound, quota, line } = edition
  const fault = (pointer: string, message: string) => add('wrong-count', pointer, message)
  if (!secondRound) {
    for (const { admittedSecond, pointer } of poolsOfRanked(edition))
      if (admittedSecond > 0) fault(`${pointer}/admittedSecond`, 'there is no second round')
    return
  }
  if (quota?.unit === 'persons') return
  const pools = poolsOf(edition)
  const left = Math.max(
    pools.reduce((sum, pool) => sum + pool.places - pool.admitted, 0),
    0,
  )
  if (secondRound.places !== left) fault('/secondRound/places', `the first round left ${left} places`)
  const taken = pools.reduce((sum, pool) => sum + pool.admittedSecond, 0)
  if (taken > left && !(line?.rule === 'admit-all' && secondRound.atLine > 0))
    fault('/secondRound/places', `${taken} were admitted to them`)
  for (const { places, own, admitted, admittedSecond, pointer, entries } of pools) {
    const room = Math.max(places + percentOf(own, secondRound.percent, secondRound.rounding) - admitted, 0)
    if (admittedSecond <= room) continue
    // Those who are equal at the room's end may come in together, but never when one fewer rank would have filled it.
    const second = entries.filter(({ entry }) => entry.through === 'second-round').map(({ entry }) => entry.rank)
    const before = second.filter(rank => rank !== second.at(-1)).length
    const isTied = secondRound.atRoom === 'admit-all' && line?.rule !== 'lot' && (edition.amendments !== undefined || before < room)
    if (!isTied) fault(`${pointer}/admittedSecond`, `the pool has room for ${room}`)
  }
}

const poolsOfRanked = (edition: SealedEdition) => (edition.scoreLine === undefined ? poolsOf(edition) : [])

/** A percentage of a whole number, rounded down or up to a whole one, exactly. */
function percentOf(whole: number, percent: string, rounding: 'down' | 'up'): number {
  const [integer = '0', fraction = ''] = percent.split('.')
  const divisor = 100n * 10n ** BigInt(fraction.length)
  const product = BigInt(whole) * BigInt(integer + fraction)
  return Number(rounding === 'down' ? product / divisor : (product + divisor - 1n) / divisor)
}
