import t from 'tap'
import { lastDayToSettle } from '../../src/ranking/deadline.ts'
import type { Settlement } from '../../src/ranking/rules.ts'
import { type DayNumber, formatDate, parseDate } from '../../src/values/civil-date.ts'

const date = (text: string) => parseDate(text) as DayNumber
const until = date('2025-12-31')

const table: [name: string, settlement: Settlement, from: string, calledUp: boolean, last: string][] = [
  ['the day from which it runs is not counted', { within: { days: 30 } }, '2026-01-01', false, '2026-01-31'],
  ['one day', { within: { days: 1 } }, '2026-02-28', false, '2026-03-01'],
  ['months end on the day of the same number', { within: { months: 36 } }, '2026-01-15', false, '2029-01-15'],
  ['or on the last of the month', { within: { months: 1 } }, '2026-01-31', false, '2026-02-28'],
  ['who is called up has the same term', { within: { months: 1 } }, '2026-01-31', true, '2026-02-28'],
  ['a day for all', { until, calledUp: { days: 60 } }, '2025-06-01', false, '2025-12-31'],
  ['and a term for those called up', { until, calledUp: { days: 60 } }, '2026-01-01', true, '2026-03-02'],
]
for (const [name, settlement, from, calledUp, last] of table) {
  t.test(name, async t => {
    t.equal(formatDate(lastDayToSettle(settlement, date(from), calledUp)), last)
  })
}
