import fc from 'fast-check'
import t from 'tap'
import { dayIn, formatInstant, parseInstant } from '../../src/ranking/moment.ts'
import { formatDate } from '../../src/values/civil-date.ts'

t.test('a moment is of the day that it is in the zone', async t => {
  const table: [moment: string, zone: string, day: string][] = [
    ['2026-11-28T15:59:59.999Z', '+08:00', '2026-11-28'],
    ['2026-11-28T16:00:00.000Z', '+08:00', '2026-11-29'],
    ['2026-11-28T04:59:59.999Z', '-05:00', '2026-11-27'],
    ['2026-11-28T18:15:00.000Z', '+05:45', '2026-11-29'],
    ['1969-12-31T23:59:59.999Z', '+00:00', '1969-12-31'],
  ]
  for (const [moment, zone, day] of table) t.equal(formatDate(dayIn(zone, Date.parse(moment))), day, `${moment} ${zone}`)
})

t.test('moments are written and read as the platform does', async t => {
  const run = { seed: Date.now() % 2 ** 31, numRuns: 1000 }
  t.comment(`seed ${run.seed}`)
  const year = (text: string) => Date.parse(`${text}-01-01T00:00:00Z`)
  fc.assert(
    fc.property(fc.integer({ min: year('1000'), max: year('9999') }), moment => {
      const text = formatInstant(moment)
      return text === new Date(moment).toISOString() && parseInstant(text) === moment
    }),
    run,
  )
  t.equal(parseInstant('2026-11-28T08:00:00.5Z'), Date.parse('2026-11-28T08:00:00.500Z'))
  for (const wrong of ['2026-11-28', '2026-02-29T00:00:00Z', '2026-11-28T24:00:00Z', '2026-11-28T08:60:00Z', '2026-11-28T08:00:00+08:00'])
    t.equal(parseInstant(wrong), undefined, wrong)
})
