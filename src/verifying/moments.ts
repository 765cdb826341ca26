import { formatDate } from '../values/civil-date.ts'

const millisecondsOfADay = 86_400_000

/** Milliseconds since 1970-01-01T00:00:00Z; null if the text is no instant in UTC. */
export function readInstant(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(text)) return null
  const milliseconds = Date.parse(text)
  return Number.isNaN(milliseconds) ? null : milliseconds
}

/** The day (days since 1970-01-01) of an instant in a zone such as `+08:00`; null if the zone is none. */
export function dayIn(milliseconds: number, zone: string | null): number | null {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(zone ?? '') ?? []
  if (sign === undefined) return null
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000
  return Math.floor((milliseconds + (sign === '+' ? offset : -offset)) / millisecondsOfADay)
}

/** The day of an instant as YYYY-MM-DD; null if there is no such instant or zone. */
export function dateIn(instant: string | null, zone: string | null): string | null {
  const milliseconds = instant === null ? null : readInstant(instant)
  const day = milliseconds === null ? null : dayIn(milliseconds, zone)
  return day === null ? null : formatDate(day)
}
