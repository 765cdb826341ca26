import type { SealedEdition } from '../edition.ts'
import type { FaultList } from '../faults.ts'

/** What was amended explains how the list came from the run: who was added and not removed again is on it, and the numbers agree. */
export function amendmentFaults({ amendments, kind, edition, entries, counts }: SealedEdition, add: FaultList): void {
  const fault = (pointer: string, message: string) => add('wrong-amendment', pointer, message)
  const isAmending = kind === 'correction' || kind === 'call-up'
  if (amendments === undefined) {
    if (isAmending) fault('/amendments', 'such an edition says what it changes')
    entries.forEach(({ through }, i) => {
      if (through === 'correction' || through === 'call-up') fault(`/entries/${i}/through`, 'no amendment says so')
    })
    return
  }
  const last = amendments.at(-1)
  if (last === undefined || (isAmending && (last.edition !== edition || last.kind !== kind)))
    fault('/amendments', 'the last amendment is that of this edition')
  const expected = new Map<string, boolean>()
  let growth = 0
  amendments.forEach((one, i) => {
    const pointer = `/amendments/${i}`
    if (one.edition > edition || one.edition <= (amendments[i - 1]?.edition ?? 0))
      fault(`${pointer}/edition`, 'amendments stand in the order of editions')
    if ((one.kind === 'correction') !== (one.decision !== undefined && one.ground !== undefined))
      fault(pointer, 'a correction has a decision and a ground, and a call-up has neither')
    for (const number of one.removed) expected.set(number, false)
    for (const number of [...one.added, ...one.changed]) expected.set(number, true)
    growth += one.added.length - one.removed.length
  })
  const listed = new Map(entries.map((entry, i) => [entry.publicNumber, { entry, i }]))
  for (const [number, isThere] of expected)
    if (listed.has(number) !== isThere)
      fault('/amendments', isThere ? `${number} was added, but is not on the list` : `${number} was removed, but is on the list`)
  for (const { entry, i } of listed.values())
    if ((entry.through === 'correction' || entry.through === 'call-up') && !expected.get(entry.publicNumber))
      fault(`/entries/${i}/through`, 'no amendment says so')
  if (entries.length !== counts.admitted + growth)
    fault('/entries', `the run and what was amended since give ${counts.admitted + growth} entries`)
}
