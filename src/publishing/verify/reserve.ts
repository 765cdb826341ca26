import type { SealedEdition } from '../edition.ts'
import { type FaultList, isBehind } from '../faults.ts'
import { poolsOf } from './pools.ts'

/** Reserve numbers are 1-2-2-4, or 1-2-3 where lots part those who are equal, and nobody is on both lists. Amended lists say who left the one for the other. */
export function reserveFaults(edition: SealedEdition, add: FaultList): void {
  if (edition.scoreLine !== undefined) return
  const isLot = edition.line?.rule === 'lot'
  const listed = new Set(edition.entries.map(entry => entry.publicNumber))
  const seen = new Set<string>()
  for (const { reserve, pointer } of poolsOf(edition))
    reserve.forEach(({ number, publicNumber }, i) => {
      const fault = (field: string, message: string) => add('wrong-reserve', `${pointer}/reserve/${i}/${field}`, message)
      const before = reserve[i - 1]
      const isShared = number === before?.number
      if (seen.has(publicNumber)) fault('publicNumber', 'this public number is on a reserve list twice')
      seen.add(publicNumber)
      if (listed.has(publicNumber)) fault('publicNumber', 'this public number is on the list itself')
      if (isShared && before && !isBehind(publicNumber, before.publicNumber))
        fault('publicNumber', 'within a number, places stand by public number')
      if (before && number < before.number) fault('number', 'reserve numbers do not rise')
      if (edition.amendments) return
      if (number !== i + 1 && (isLot || !isShared)) fault('number', `the number is not that of the place ${i + 1}`)
    })
}
