import { type Map_, mapIn, textIn } from '../../scoring/diff/tree.ts'
import type { DescribedRecord } from '../../scoring/evidence/describe.ts'
import type { MeasureExplanation } from '../../scoring/explanation.ts'
import { formatDecimal, parseDecimal, plus } from '../../values/decimal.ts'
import { measureSource, type Telling } from './telling.ts'

/*
 * Of a sum or count that brings down each record or each calendar year: what a record counts as, and what the years come to. The tree gives the
 * records and the value alone; the rest follows from them and from the limits in the scheme.
 */

/** What a record counts as, where that is not what it says. */
export function countedAs(name: string, telling: Telling): (record: DescribedRecord) => string | undefined {
  const summing = summingOf(name, telling)
  return record => {
    if (!summing?.perRecord) return undefined
    const [says, counts] = [summing.said(record), summing.counted(record)]
    return says === counts ? undefined : telling.words.countsAs(formatDecimal(counts, summing.scale))
  }
}

/** The limits of a record and of a year, and what the records of each year add up to. */
export function limitTexts(name: string, telling: Telling): string[] {
  const { words, explanation } = telling
  const summing = summingOf(name, telling)
  const { evidence, value } = explanation.measures[name] as MeasureExplanation
  if (!summing || evidence.length === 0) return []
  const { perRecord, perYear, scale } = summing
  const limits = (of: Map_) => words.limits(textIn(of, 'unit'), textIn(of, 'atMost'))
  const lines = perRecord ? [words.eachRecord(limits(perRecord))] : []
  if (!perYear) return lines
  const years = new Map<string, number>()
  for (const record of evidence) {
    const year = (record.from as string).slice(0, 4)
    years.set(year, plus(years.get(year) ?? 0, summing.counted(record)))
  }
  const told = [...years]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([year, sum]) => {
      const counts = broughtDown(sum, perYear, scale)
      const inYear = words.inYear(year, formatDecimal(sum, scale))
      return sum === counts ? inYear : inYear + words.clause + words.countsAs(formatDecimal(counts, scale))
    })
  return [...lines, words.byYear + words.colon + told.join(words.semicolon), words.eachYear(limits(perYear), String(value))]
}

type Summing = {
  perRecord: Map_ | undefined
  perYear: Map_ | undefined
  scale: number
  said(record: DescribedRecord): number
  counted(record: DescribedRecord): number
}

function summingOf(name: string, telling: Telling): Summing | undefined {
  const { kind, body } = measureSource(name, telling) ?? {}
  const [perRecord, perYear] = [mapIn(body, 'perRecord'), mapIn(body, 'perYear')]
  if ((kind !== 'sum' && kind !== 'count') || (!perRecord && !perYear)) return undefined
  // The value of a sum has all digits of its amounts.
  const scale = String(telling.explanation.measures[name]?.value).split('.')[1]?.length ?? 0
  const amount = textIn(body, 'amount')
  const said = (record: DescribedRecord) => (amount === undefined ? 1 : figure(record[amount] as string, scale))
  return { perRecord, perYear, scale, said, counted: record => broughtDown(said(record), perRecord, scale) }
}

/** To a whole multiple of `unit`, then to `atMost`. */
function broughtDown(amount: number, limits: Map_ | undefined, scale: number): number {
  const [unit, atMost] = [textIn(limits, 'unit'), textIn(limits, 'atMost')]
  const multiple = unit === undefined ? amount : amount - (amount % figure(unit, scale))
  return atMost === undefined ? multiple : Math.min(multiple, figure(atMost, scale))
}

function figure(text: string, scale: number): number {
  return parseDecimal(text, scale) as number
}
