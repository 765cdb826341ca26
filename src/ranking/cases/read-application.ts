import { at, type Fault } from '../../values/refusal.ts'
import type { KeyUnit } from '../order-keys.ts'
import type { RoundRules } from '../rules.ts'
import type { ApplicationSource } from './case-file.ts'
import { formOf, parseKeyValue } from './key-values.ts'
import type { Application, RulesInUnits } from './round-case.ts'

/** What the rules ask of each application: the values of their order keys with their units, and what they say beside. */
export type Asked = {
  total: KeyUnit | undefined
  items: ReadonlyMap<string, KeyUnit>
  measures: ReadonlyMap<string, KeyUnit>
  submittedAt: KeyUnit | undefined
  rules: RoundRules
}

export function askedBy({ rules, units, totalScale, gateAtLeast }: RulesInUnits): Asked {
  const items = new Map<string, KeyUnit>()
  const measures = new Map<string, KeyUnit>()
  for (const [i, key] of rules.order.entries()) {
    if (key.key === 'item') items.set(key.of, units[i] as KeyUnit)
    else if (key.key === 'measure' || key.key === 'date') measures.set(key.of, units[i] as KeyUnit)
  }
  const has = (name: string) => rules.order.some(({ key }) => key === name)
  return {
    total: gateAtLeast !== null || has('total') ? { kind: 'decimal', scale: totalScale } : undefined,
    items,
    measures,
    submittedAt: has('submission') ? { kind: 'instant' } : undefined,
    rules,
  }
}

/** Reads an application of the right shape, and adds every fault that it has. A value that the rules do not look at is a fault as well. */
export function readApplication(source: ApplicationSource, asked: Asked, pointer: string, faults: Fault[]): Application {
  const fault = (code: string, where: string, message: string) => faults.push({ code, pointer: where, message })
  const value = (text: string, unit: KeyUnit, where: string): number => {
    const read = parseKeyValue(text, unit)
    if (read === undefined) fault('wrong-form', where, `must be ${formOf(unit)}`)
    return read ?? 0
  }
  const single = (field: 'total' | 'submittedAt'): number | undefined => {
    const unit = asked[field]
    const isGiven = expectField(source, field, unit !== undefined, pointer, faults)
    return isGiven ? value(source[field] as string, unit as KeyUnit, `${pointer}/${field}`) : undefined
  }
  const several = (field: 'items' | 'measures'): Map<string, number> => {
    const values = new Map<string, number>()
    for (const [name, text] of Object.entries(source[field] ?? {})) {
      const where = at(`${pointer}/${field}`, name)
      const unit = asked[field].get(name)
      if (unit === undefined) fault('unknown-name', where, `the rules do not order by "${name}" of the ${field}: take it out`)
      else values.set(name, value(text, unit, where))
    }
    for (const name of asked[field].keys())
      if (!values.has(name)) fault('missing-field', pointer, `"${name}" is missing under "${field}": the rules order by it`)
    return values
  }

  const { rules } = asked
  const total = single('total') ?? null
  const items = several('items')
  const measures = several('measures')
  const submission = single('submittedAt') ?? 0
  if (expectField(source, 'pool', rules.hasPools, pointer, faults) && !rules.pools.some(({ pool }) => pool === source.pool))
    fault('unknown-name', `${pointer}/pool`, `the rules have no such pool; they have: ${rules.pools.map(({ pool }) => pool).join(', ')}`)
  if (source.household !== undefined) expectField(source, 'household', rules.unit !== 'applicants', pointer, faults)
  expectField(source, 'persons', rules.unit === 'persons', pointer, faults)

  const { id, pool, household, persons, expect } = source
  const number = (text: string | undefined) => (text === undefined ? null : Number(text))
  return {
    id,
    scored: { total, item: name => items.get(name), measure: name => measures.get(name), submission },
    pool,
    household,
    persons: number(persons) ?? undefined,
    expect: { outcome: expect.outcome, rank: number(expect.rank), reserve: number(expect.reserve) },
  }
}

/** Whether a field is given, which it must be if the rules ask for it, and may not be otherwise. */
function expectField(
  source: ApplicationSource,
  field: 'total' | 'submittedAt' | 'pool' | 'household' | 'persons',
  isAsked: boolean,
  pointer: string,
  faults: Fault[],
): boolean {
  const isGiven = source[field] !== undefined
  if (isAsked && !isGiven) faults.push({ code: 'missing-field', pointer, message: `"${field}" is missing: the rules ask for it` })
  if (!isAsked && isGiven)
    faults.push({ code: 'wrong-choice', pointer: `${pointer}/${field}`, message: `the rules do not look at "${field}": take it out` })
  return isAsked && isGiven
}
