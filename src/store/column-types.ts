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

/** `2024-02-29 10:00:00.5+00` → `2024-02-29T10:00:00.5Z`. Our sessions are in UTC, so any other offset is an error. */
function instantOf(text: string): string {
  if (!text.endsWith('+00')) throw new RangeError('a time stamp is not in UTC: the session has changed its time zone')
  return `${text.slice(0, -3).replace(' ', 'T')}Z`
}

function asWritten(text: string): string {
  return text
}
