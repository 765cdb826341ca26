import { type DayNumber, formatDate, parseDate } from '../values/civil-date.ts'
import { type Fault, Refusal } from '../values/refusal.ts'
import { dayIn } from './moment.ts'
import type { RoundRules } from './rules.ts'

/** A public draw as the office enters it: the day on which it was held (YYYY-MM-DD), and its numbers in the order of the rules. */
export type EnteredDraw = { heldOn: string; numbers: readonly number[] }

/**
 * Reads an entered draw by the rules of the round, which draw lots.
 * @param frozenAt the moment of the freeze, in milliseconds since 1970-01-01T00:00:00Z
 * @returns the day, and the draw's text: its numbers with commas
 * @throws Refusal `invalid-draw` with every fault: a day that is not later than that of the freeze, numbers of another form
 */
export function readDraw(
  rules: Pick<RoundRules, 'document' | 'zone'>,
  frozenAt: number,
  { heldOn, numbers }: EnteredDraw,
): { heldOn: DayNumber; text: string } {
  const day = parseDate(heldOn)
  const frozenOn = dayIn(rules.zone as string, frozenAt)
  const faults = numberFaults(rules, numbers)
  if (day === undefined) faults.push(fault('impossible-date', '/heldOn', 'there is no such day; write a date as YYYY-MM-DD'))
  else if (day <= frozenOn) {
    const message = `the round was frozen on ${formatDate(frozenOn)}, and the draw that counts is held on a later day; enter the first one after it`
    faults.push(fault('draw-too-early', '/heldOn', message))
  }
  if (day === undefined || faults.length > 0) throw new Refusal('invalid-draw', faults)
  return { heldOn: day, text: numbers.join(',') }
}

/**
 * The draw's text of numbers that have the form of the rules.
 * @throws Refusal `invalid-draw`
 */
export function drawText(rules: Pick<RoundRules, 'document'>, numbers: readonly number[]): string {
  const faults = numberFaults(rules, numbers)
  if (faults.length > 0) throw new Refusal('invalid-draw', faults)
  return numbers.join(',')
}

function numberFaults({ document }: Pick<RoundRules, 'document'>, numbers: readonly number[]): Fault[] {
  const parts = (document.line?.draw?.numbers ?? []).map(part => ({
    count: Number(part.count),
    from: Number(part.from),
    to: Number(part.to),
    ascending: part.order === 'ascending',
  }))
  const count = parts.reduce((sum, part) => sum + part.count, 0)
  if (numbers.length !== count)
    return [fault('wrong-count', '/numbers', `a result of this series has ${count} numbers, and ${numbers.length} are given`)]
  const faults: Fault[] = []
  let i = 0
  for (const { count, from, to, ascending } of parts) {
    for (let n = 0; n < count; n++, i++) {
      const number = numbers[i] as number
      const pointer = `/numbers/${i}`
      if (!Number.isInteger(number) || number < from || number > to)
        faults.push(fault('out-of-range', pointer, `must be a whole number from ${from} to ${to}`))
      else if (ascending && n > 0 && number <= (numbers[i - 1] as number))
        faults.push(fault('not-ascending', pointer, 'must be greater than the number before; write these numbers in ascending order'))
    }
  }
  return faults
}

function fault(code: string, pointer: string, message: string): Fault {
  return { code, pointer, message }
}
