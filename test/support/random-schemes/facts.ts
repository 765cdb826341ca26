import type { Scheme } from '../../../src/scoring/scheme/scheme.ts'
import { type KindDefinition, type MeasureDefinition, ofMonths, type Unit } from '../../../src/scoring/vocabulary.ts'
import { addMonths, type DayNumber, formatDate, formatMonth, monthOf } from '../../../src/values/civil-date.ts'
import { day } from '../cases.ts'
import type { Random, RawFacts } from '../random-facts.ts'
import { amount } from './pool.ts'

/*
 * Random facts for a random scheme: of the kinds that it looks at, with dates near the edges of its windows, spans with gaps near those that it
 * bridges, small amounts, missing kinds, empty lists and attested measures.
 */

type RawRecord = RawFacts[string][number]

export function randomFactsFor(scheme: Scheme, asOf: string, random: Random): RawFacts {
  const facts: RawFacts = {}
  const edges = edgesOf(scheme, day(asOf))
  const extreme = random.chance(2)
  const kinds = [...scheme.kinds, ...(random.chance(5) ? ['marriage'] : [])]
  for (const name of kinds) {
    const kind = scheme.vocabulary.kinds.get(name) as KindDefinition
    if (random.chance(10)) continue // missing
    const number = random.chance(12) ? 0 : kind.shape === 'trait' ? random.pick([1, 1, 1, 2]) : random.pick([1, 2, 3, 4])
    facts[name] = recordsOf(kind, number, edges, random).map(times => ({ ...attributes(kind, random, extreme), ...times }))
  }
  if (random.chance(20)) {
    const measures = new Set(Array.from({ length: 1 + random.below(2) }, () => random.pick(scheme.measures).definition))
    facts.attested = [...measures].map(measure => ({ measure: measure.name, value: attestedValue(scheme, measure, edges, random) }))
  }
  return facts
}

/** The days at which something begins or ends in the scheme: named dates and literal ones. */
function edgesOf(scheme: Scheme, asOf: DayNumber): DayNumber[] {
  const named = scheme.dates(asOf).filter(date => date !== undefined)
  const literal = scheme.text.match(/\d{4}-\d{2}-\d{2}/g) ?? []
  return [asOf, ...named, ...literal.map(day)]
}

function attributes(kind: KindDefinition, random: Random, extreme: boolean): RawRecord {
  const record: RawRecord = {}
  for (const [name, { codes, unit, default: usual }] of kind.attributes) {
    if (usual !== undefined && random.chance(30)) continue
    if (codes) record[name] = random.pick([...codes.keys()])
    else record[name] = extreme && random.chance(50) ? '5000000000' : amount(random, (unit as Unit).scale)
  }
  return record
}

/** The times of so many records, of spans one after the other. */
function recordsOf(kind: KindDefinition, number: number, edges: readonly DayNumber[], random: Random): RawRecord[] {
  const near = () => nearEdge(edges, random)
  switch (kind.shape) {
    case 'trait':
      return Array.from({ length: number }, () => ({}))
    case 'event':
      return Array.from({ length: number }, () => ({ date: formatDate(near()) }))
    case 'certificate':
      return Array.from({ length: number }, () => {
        const [issued, expires] = [near(), near()].sort((a, b) => a - b) as [number, number]
        return { issued: formatDate(issued), ...(random.chance(40) && { expires: formatDate(expires) }) }
      })
    case 'span':
      return ofMonths(kind) ? months(number, monthOf(near()), random) : days(number, near(), random)
  }
}

const lengths = [1, 1, 2, 3, 6, 11, 12, 13, 24]
/** Months between one span and the next: near the gaps that are bridged; the spans adjoin with 0 and overlap below. */
const gaps = [-4, -1, 0, 0, 1, 1, 2, 3, 4]

function months(number: number, start: number, random: Random): RawRecord[] {
  let from = start - random.below(30)
  return Array.from({ length: number }, () => {
    const to = from + random.pick(lengths) - 1
    const record = { from: formatMonth(from), ...(!random.chance(10) && { to: formatMonth(to) }) }
    from = to + 1 + random.pick(gaps)
    return record
  })
}

function days(number: number, start: DayNumber, random: Random): RawRecord[] {
  const aDay = () => random.pick([-1, 0, 0, 0, 1])
  let from = addMonths(start, -random.below(30), 'last-day')
  return Array.from({ length: number }, () => {
    const to = Math.max(from, addMonths(from, random.pick(lengths), random.pick(['last-day', 'next-day'])) - 1 + aDay())
    const record = { from: formatDate(from), ...(!random.chance(10) && { to: formatDate(to) }) }
    from = addMonths(to + 1, random.pick(gaps), 'last-day') + aDay()
    return record
  })
}

/** On an edge, a day beside it, whole months or years away from it, or anywhere in the years around it. */
function nearEdge(edges: readonly DayNumber[], random: Random): DayNumber {
  const edge = random.pick(edges)
  const moved = addMonths(edge, random.pick([0, 0, -1, 1, -6, -12, -24, -60, 12]), 'last-day')
  return random.chance(70) ? moved + random.pick([-1, 0, 0, 1]) : edge - random.below(2000) + 200
}

function attestedValue(scheme: Scheme, { unit }: MeasureDefinition, edges: readonly DayNumber[], random: Random): string | string[] {
  switch (unit.name) {
    case 'codes': {
      const known = [...new Set(scheme.measures.flatMap(measure => [...(measure.codes ?? [])]))]
      return [...new Set(Array.from({ length: random.below(4) }, () => random.pick(known)))]
    }
    case 'yes-no':
      return random.pick(['yes', 'no'])
    case 'date':
      return formatDate(nearEdge(edges, random))
    default:
      return random.chance(2) ? '5000000000' : amount(random, unit.scale)
  }
}
