import type { RoundRules } from '../../ranking/rules.ts'
import { at, type Fault } from '../../values/refusal.ts'
import { type Column, columnOfKey, columnOfText, integerOf, valueFault } from './columns.ts'

/** One application as given. The chain is empty until all rows are read. */
export type Row = {
  line: number
  id: string
  total?: string
  keys?: string[]
  pool?: string
  household?: string
  persons?: number
  chain: number[]
}

/** What rows look like: a total and keys whose kinds show in the rows, or a key for each of the order of round rules, and what these ask for. */
export type RowForm = { fields: readonly string[]; keyCount: number; columns: Column[]; rules: RoundRules | null }

export function formOfKeys(keyCount: number): RowForm {
  return { fields: ['id', 'total', 'keys'], keyCount, columns: [{ kind: 'decimal', scale: 0 }], rules: null }
}

export function formOfRules(rules: RoundRules): RowForm {
  const fields = [
    'id',
    'keys',
    ...(rules.hasPools ? ['pool'] : []),
    ...(rules.unit === 'applicants' ? [] : ['household']),
    ...(rules.unit === 'persons' ? ['persons'] : []),
  ]
  return { fields, keyCount: rules.order.length, columns: rules.order.map(columnOfKey), rules }
}

/**
 * Reads rows one by one and remembers what must agree between them: ids differ, a key is of one kind everywhere, and a household stands in one pool.
 * Values become integers only when all are read, at the most decimals of their column, so that "97.1" and "97.10" are equal.
 */
export function createRowReader(form: RowForm) {
  const lineOfId = new Map<string, number>()
  const poolOfHousehold = new Map<string, string | undefined>()
  const columns = form.columns.slice()
  const hasTotal = form.rules === null
  const pointerOf = (place: number) => (hasTotal ? (place === 0 ? '/total' : `/keys/${place - 1}`) : `/keys/${place}`)
  const kindsAt = (place: number) => [form.rules || place === 0 ? (columns[place] as Column).kind : (['decimal', 'date'] as const)].flat()
  const textsOf = ({ total, keys = [] }: Row) => (total === undefined ? keys : [total, ...keys])

  const valuesFault = (given: Given): Fault | undefined => {
    if (hasTotal) {
      const wrong = valueFault('/total', given.total, ['decimal'])
      if (wrong) return wrong
    }
    const { keys } = given
    if (keys !== undefined && !Array.isArray(keys)) return fault('wrong-type', '/keys', 'keys are a list such as ["30.00","2015-03-01"]')
    const count = keys?.length ?? 0
    if (count !== form.keyCount) return fault('wrong-key-count', '/keys', countMessage(count, form))
    return firstOf(keys ?? [], (key, i) => {
      const place = hasTotal ? i + 1 : i
      return valueFault(`/keys/${i}`, key, kindsAt(place))
    })
  }

  return {
    read(line: number, value: unknown): Row | Fault {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        return fault('wrong-type', '', `a line is an object with ${form.fields.join(', ')}`)
      }
      const unknown = Object.keys(value).find(name => !form.fields.includes(name))
      if (unknown !== undefined) return fault('unknown-field', at('', unknown), `unknown field; known here: ${form.fields.join(', ')}`)
      const given = value as Given
      const wrong = idFault(given.id, lineOfId) ?? valuesFault(given) ?? (form.rules && claimFault(given, form.rules, poolOfHousehold))
      if (wrong) return wrong
      const row: Row = { line, ...(given as Omit<Row, 'line' | 'chain'>), chain: [] }

      for (const [i, text] of textsOf(row).entries()) {
        const column = columnOfText(text) as Column
        const before = columns[i]
        if (before === undefined) columns[i] = column
        else if (before.kind !== column.kind) {
          const message = `this is a ${column.kind}, but lines before have a ${before.kind} here; order by one kind only`
          return fault('mixed-keys', pointerOf(i), message)
        } else if (before.kind === 'decimal' && column.kind === 'decimal' && column.scale > before.scale) columns[i] = column
      }
      lineOfId.set(row.id, line)
      if (row.household !== undefined) poolOfHousehold.set(row.household, row.pool)
      return row
    },

    setChain(row: Row): Fault | undefined {
      row.chain = []
      for (const [i, text] of textsOf(row).entries()) {
        const column = columns[i] as Column
        const value = integerOf(text, column)
        if (value === undefined) {
          const { scale } = column as { scale: number }
          return fault('figure-too-large', pointerOf(i), `too large to be exact with the ${scale} decimals that other lines have here`)
        }
        row.chain.push(value)
      }
      return undefined
    },
  }
}

type Given = { id?: unknown; total?: unknown; keys?: unknown; pool?: unknown; household?: unknown; persons?: unknown }

function fault(code: string, pointer: string, message: string): Fault {
  return { code, pointer, message }
}

function firstOf<T>(list: readonly T[], check: (one: T, i: number) => Fault | undefined): Fault | undefined {
  for (const [i, one] of list.entries()) {
    const wrong = check(one, i)
    if (wrong) return wrong
  }
  return undefined
}

function countMessage(count: number, { keyCount, rules }: RowForm): string {
  if (rules) return `number of keys: ${count}, of keys in the order of the rules: ${keyCount}; write a value for each, in their order`
  const remedy =
    count > 0 ? `give --keys a direction for each, such as ${Array(count).fill('desc').join(',')}` : 'add the keys, or leave --keys out'
  return `number of keys: ${count}, of directions in --keys: ${keyCount}; ${remedy}`
}

function idFault(id: unknown, lineOfId: ReadonlyMap<string, number>): Fault | undefined {
  if (id === undefined) return fault('missing-field', '/id', '"id" is missing')
  if (typeof id !== 'string') return fault('wrong-type', '/id', 'an id is a text in quotes')
  if (id === '' || !id.isWellFormed()) return fault('wrong-form', '/id', 'an id is not empty and is well-formed Unicode')
  const line = lineOfId.get(id)
  if (line !== undefined) return fault('id-twice', '/id', `line ${line} has this id already; each applicant stands once`)
  return undefined
}

/** What is wrong with what an application says beside its keys. */
function claimFault(
  { pool, household, persons }: Given,
  { hasPools, pools, unit }: RoundRules,
  poolOfHousehold: ReadonlyMap<string, string | undefined>,
): Fault | undefined {
  if (hasPools && !pools.some(one => one.pool === pool)) {
    const known = pools.map(one => one.pool).join(', ')
    return pool === undefined
      ? fault('missing-field', '/pool', `"pool" is missing; the rules have: ${known}`)
      : fault('unknown-name', '/pool', `the rules have no such pool; they have: ${known}`)
  }
  if (household !== undefined && (typeof household !== 'string' || household === '' || household !== household.trim()))
    return fault('wrong-type', '/household', 'a household is a text without blanks around it that is the same in all its applications')
  if (unit === 'persons' && (!Number.isInteger(persons) || (persons as number) < 1 || (persons as number) > 99))
    return fault(persons === undefined ? 'missing-field' : 'wrong-form', '/persons', 'say how many persons settle, a number from 1 to 99')
  if (typeof household === 'string' && poolOfHousehold.has(household) && poolOfHousehold.get(household) !== pool)
    return fault('household-in-two-pools', '/pool', 'a line before has this household in another pool; a household stands in one')
  return undefined
}
