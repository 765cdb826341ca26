import pg from 'pg'

/** Finds the parser of a column type; what a `pg` pool takes as `types`. */
export type ColumnTypes = { getTypeParser: typeof pg.types.getTypeParser }

const oid = { int8: 20, date: 1082, timestamptz: 1184, numeric: 1700, int8Array: 1016, numericArray: 1231, dateArray: 1182 }

/**
 * The parsers of our pool. `int8` is a number when it is a safe integer and an error when not, `numeric` and `date` are their text,
 * `timestamptz` is ISO text in UTC. Nothing becomes a float or a `Date`: the driver's own parser puts a date at local midnight,
 * so that under Asia/Shanghai 2024-02-29 is shown as the day before.
 */
export function columnTypes(): ColumnTypes {
  const types = new pg.TypeOverrides()
  types.setTypeParser(oid.int8, integerOf)
  types.setTypeParser(oid.int8Array, (text: string) => integersOf(text))
  types.setTypeParser(oid.numeric, asWritten)
  types.setTypeParser(oid.date, asWritten)
  types.setTypeParser(oid.numericArray, (text: string) => text)
  types.setTypeParser(oid.dateArray, (text: string) => text)
  types.setTypeParser(oid.timestamptz, instantOf)
  return types
}

/** Reads an int8 text; a RangeError when the value is outside the safe integers. */
export function integerOf(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`the stored integer ${text} is outside the range in which numbers are exact`)
  return value
}

/** Reads an array literal of int8 with nulls, one dimension: `{1,NULL,3}`. */
export function integersOf(text: string): (number | null)[] {
  if (!text.startsWith('{') || !text.endsWith('}')) throw new RangeError('the stored value is no array of integers')
  if (text === '{}') return []
  return text
    .slice(1, -1)
    .split(',')
    .map(item => (item === 'NULL' ? null : integerOf(item)))
}

const instantForm = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d{1,6})?([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?$/

/**
 * `2024-02-29 18:00:00.5+08` → `2024-02-29T10:00:00.5Z`. PostgreSQL writes a moment in the zone of the session, which is the server's own: we set none,
 * since behind a pooler a session is shared. A RangeError for what is no moment between the years 1 and 9999.
 */
function instantOf(text: string): string {
  const parts = instantForm.exec(text)
  if (!parts) throw new RangeError('a stored time stamp is no moment that can be written')
  const [, day, time, fraction = '', sign, hours, minutes = '0', seconds = '0'] = parts
  const offset = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)
  if (offset === 0) return `${day}T${time}${fraction}Z`
  const moment = Date.parse(`${day}T${time}Z`) - (sign === '+' ? offset : -offset) * 1000
  return `${new Date(moment).toISOString().slice(0, 19)}${fraction}Z`
}

function asWritten(text: string): string {
  return text
}
