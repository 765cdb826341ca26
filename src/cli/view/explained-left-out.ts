import { isMap, mapIn, textIn } from '../../scoring/diff/tree.ts'
import type { DescribedRecord } from '../../scoring/evidence/describe.ts'
import { parseDate } from '../../values/civil-date.ts'
import type { Tree } from '../../values/document.ts'
import { toldRecords } from './explained-records.ts'
import { measureSource, type Telling } from './telling.ts'

/*
 * Records that were given and that a measure does not count. An applicant who has them must not read that the register has nothing.
 */

/** So many are told for one measure. */
const mostLines = 5

/** Those of the kinds that the measure counts; records that only give a date are none of them. */
export function leftOutOf(name: string, telling: Telling): DescribedRecord[] {
  const { leftOut = [] } = telling.explanation.measures[name] ?? {}
  const source = measureSource(name, telling)
  if (!source) return leftOut
  const kinds = [source.body, ...besides(source.body)].map(of => textIn(of, 'of'))
  return leftOut.filter(record => kinds.includes(record.kind))
}

/** Each with the reason, as far as the scheme tells it. */
export function leftOutTexts(name: string, telling: Telling): string[] {
  const { words } = telling
  const told = toldRecords(leftOutOf(name, telling), telling, record => reasonOf(record, name, telling))
  const more = told.slice(mostLines).reduce((sum, { count }) => sum + count, 0)
  return [
    ...told.slice(0, mostLines).map(({ text }) => words.notCounted + words.colon + text),
    ...(more > 0 ? [words.moreNotCounted(more)] : []),
  ]
}

function reasonOf(record: DescribedRecord, name: string, telling: Telling): string {
  const { words, labels, explanation, vocabulary } = telling
  const source = measureSource(name, telling)
  if (!source) return words.otherSortOrTime
  const { kind, body } = source
  const { from, to } = record
  // An age looks at every event that matches, whenever it was.
  if (from !== null && kind !== 'age') {
    const isExcept = record.kind !== textIn(body, 'of') && record.kind === textIn(mapIn(body, 'except'), 'of')
    const window = isExcept ? undefined : mapIn(body, 'window')
    const on = kind === 'covers' || kind === 'codes' ? (textIn(body, 'on') ?? 'reference') : undefined
    // An event that gave a code holds for ever after.
    const shape = vocabulary?.kinds.get(record.kind)?.shape
    const isHeld = kind === 'covers' || shape === 'span' || shape === 'certificate'
    const ends = [explanation.asOf, ...[textIn(window, 'until'), on].flatMap(date => (date === undefined ? [] : [labels.day(date)]))]
    const starts = [textIn(window, 'from'), isHeld ? on : undefined].flatMap(date => (date === undefined ? [] : [labels.day(date)]))
    const moment = (day: string) => day.slice(0, from.length)
    const isDay = (text: string) => parseDate(text) !== undefined
    const [until] = ends.filter(isDay).sort()
    if (until !== undefined && from > moment(until)) return words.later(until)
    const start = starts.filter(isDay).sort().at(-1)
    if (start !== undefined && to !== null && to < moment(start)) return words.earlier(start)
    if (![...ends, ...starts].every(isDay) || (start !== undefined && until !== undefined && start > until)) return words.otherSortOrTime
  }
  return kind === 'amount' ? words.notTaken : words.otherSort
}

/** What a measure looks at beside its own records: what must overlap with them, or is taken out. */
function besides(body: Tree): Tree[] {
  if (!isMap(body)) return []
  return [body.with, body.except].flatMap(one => (Array.isArray(one) ? one : one === undefined ? [] : [one]))
}
