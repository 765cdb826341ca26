import { type DayNumber, formatDate, parseDate } from '../values/civil-date.ts'

const day = 86_400_000

/** The civil day of a moment (milliseconds since 1970-01-01T00:00:00Z) in a zone such as "+08:00". */
export function dayIn(zone: string, moment: number): DayNumber {
  return Math.floor((moment + offsetOf(zone)) / day)
}

/** Writes a moment in UTC to the millisecond: "2026-11-28T08:00:00.123Z". */
export function formatInstant(moment: number): string {
  const date = Math.floor(moment / day)
  const time = moment - date * day
  const part = (size: number, of: number, digits: number) => String(Math.floor(time / size) % of).padStart(digits, '0')
  return `${formatDate(date)}T${part(3_600_000, 24, 2)}:${part(60_000, 60, 2)}:${part(1000, 60, 2)}.${part(1, 1000, 3)}Z`
}

const instantForm = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,3}))?Z$/

/** Reads a moment in UTC such as "2026-11-28T08:00:00.123Z", in milliseconds since 1970-01-01T00:00:00Z; undefined if it is none. */
export function parseInstant(text: string): number | undefined {
  const [, date = '', hours, minutes, seconds, fraction = ''] = instantForm.exec(text) ?? []
  const on = parseDate(date)
  if (on === undefined) return undefined
  return on * day + (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000 + Number(fraction.padEnd(3, '0'))
}

/** Milliseconds by which the clocks of a zone are ahead of UTC. */
function offsetOf(zone: string): number {
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6))
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000
}
