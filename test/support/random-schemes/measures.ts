import { type KindDefinition, ofMonths, type Unit } from '../../../src/scoring/vocabulary.ts'
import type { Tree } from '../../../src/values/document.ts'
import { amount, attributesOf, isDated, isSpan, type Map_, type Pool, type Reading, sameGrain } from './pool.ts'

/* A random measure of each kind, or none where the scheme has no evidence for it. */

type Made = { source: Tree; unit: Unit; codes?: readonly string[] } | undefined

const isQuantity = ({ unit }: Reading) => !['codes', 'yes-no', 'date'].includes(unit.name)

export const measureMakers: { [kind: string]: (pool: Pool) => Made } = {
  age(pool) {
    const kind = pool.kind(({ shape }) => shape === 'event')
    const { random } = pool
    const unit = random.pick(['years', 'months', undefined])
    return (
      kind && {
        source: {
          ...pool.filter(kind),
          ...(random.chance(60) && { which: random.pick(['first', 'last']) }),
          ...(random.chance(40) && { on: pool.date() }),
          ...(unit && { in: unit }),
          ...(random.chance(50) && { count: random.pick(['whole', 'begun']) }),
          ...(random.chance(30) && { otherwise: amount(random, 0) }),
        },
        unit: pool.unit(unit ?? 'years'),
      }
    )
  },
  months(pool) {
    const kind = pool.kind(isSpan)
    return kind && { source: { ...pool.selection(kind), ...ofSpans(pool, kind) }, unit: pool.unit('months') }
  },
  overlap(pool) {
    const [kind, ...others] = [pool.kind(isSpan), pool.kind(isSpan), pool.kind(isSpan)]
    if (!kind) return undefined
    const filters = others.map(other => pool.filter(other as KindDefinition))
    const together = pool.random.pick<Tree>([filters[0] as Tree, [filters[0] as Tree], filters])
    return { source: { ...pool.selection(kind), with: together }, unit: pool.unit('months') }
  },
  wholeYears(pool) {
    const of = pool.measure(({ unit }) => unit.name === 'months')
    return of && { source: { of: of.name }, unit: pool.unit('years') }
  },
  least: severalOperands,
  greatest: severalOperands,
  added: severalOperands,
  difference(pool) {
    const made = operands(pool, 2)
    const [of, less] = (made?.source ?? []) as [string, string]
    return made && { ...made, source: { of, less } }
  },
  count(pool) {
    const kind = pool.kind(() => true) as KindDefinition
    const perYear = isDated(kind) && pool.random.chance(40)
    return {
      source: { ...pool.selection(kind), ...(perYear && { perYear: { atMost: pool.random.pick(['0', '1', '1', '2']) } }) },
      unit: pool.unit('records'),
    }
  },
  sum(pool) {
    const kind = pool.kind(one => one.shape === 'event' && attributesOf(one, 'unit').length > 0)
    if (!kind) return undefined
    const [name, unit] = amountOf(pool, kind)
    const limits = (): Map_ => {
      const which = pool.random.below(3)
      const step = unit.scale === 0 ? pool.random.pick(['1', '2', '3']) : pool.random.pick(['1', '0.5', '2'])
      return { ...(which !== 1 && { unit: step }), ...(which !== 0 && { atMost: amount(pool.random, unit.scale) }) }
    }
    const [perRecord, perYear] = [pool.random.chance(40), pool.random.chance(40)]
    return {
      source: { ...pool.selection(kind), amount: name, ...(perRecord && { perRecord: limits() }), ...(perYear && { perYear: limits() }) },
      unit,
    }
  },
  amount(pool) {
    const kind = pool.kind(one => attributesOf(one, 'unit').length > 0)
    if (!kind) return undefined
    const [name, unit] = amountOf(pool, kind)
    const take = pool.random.pick(isDated(kind) ? ['highest', 'lowest', 'first', 'last'] : ['highest', 'lowest'])
    return { source: { ...pool.selection(kind), amount: name, take }, unit }
  },
  yearsWith(pool) {
    const kind = pool.kind(one => isSpan(one) || (one.shape === 'event' && attributesOf(one, 'unit').length > 0))
    if (!kind) return undefined
    const selection = pool.selection(kind)
    if (isSpan(kind)) return { source: { ...selection, atLeast: pool.random.pick(['1', '3', '6', '11', '12']) }, unit: pool.unit('years') }
    const [name, { scale }] = amountOf(pool, kind)
    const atLeast = amount(pool.random, scale, 1)
    return { source: { ...selection, amount: name, atLeast }, unit: pool.unit('years') }
  },
  codes(pool) {
    const kind = pool.kind(one => attributesOf(one, 'codes').length > 0)
    if (!kind) return undefined
    const code = pool.random.pick(attributesOf(kind, 'codes'))
    const on = pool.random.chance(30)
    return {
      source: { ...pool.selection(kind), code, ...(on && { on: pool.date() }) },
      unit: pool.unit('codes'),
      codes: [...(kind.attributes.get(code)?.codes?.keys() ?? [])],
    }
  },
  covers(pool) {
    const kind = pool.kind(isDated)
    return kind && { source: { ...pool.filter(kind), ...(pool.random.chance(50) && { on: pool.date() }) }, unit: pool.unit('yes-no') }
  },
  earliest: extreme,
  latest: extreme,
}

/** What `months` does with its spans. */
function ofSpans(pool: Pool, kind: KindDefinition): Map_ {
  const { random } = pool
  if (random.chance(20)) return { single: random.pick(['longest', 'last', 'current']) }
  const tolerated = ofMonths(kind) && random.chance(35) ? pool.where(kind, 70) : {}
  const excepted = random.chance(30) ? pool.kind(sameGrain(kind)) : undefined
  const gaps = random.pick(['left-out', 'counted', undefined])
  return {
    ...(Object.keys(tolerated).length > 0 && { tolerate: { where: tolerated, upTo: random.pick(['0', '1', '3', '5', '12']) } }),
    ...(excepted && { except: pool.filter(excepted) }),
    ...(random.chance(50) && {
      continuous: {
        ...(random.chance(50) && { endingOn: pool.date() }),
        gap: random.pick(['0', '1', '1', '2', '3']),
        ...(gaps && { gaps }),
      },
    }),
  }
}

function amountOf(pool: Pool, kind: KindDefinition): [name: string, unit: Unit] {
  const name = pool.random.pick(attributesOf(kind, 'unit'))
  return [name, kind.attributes.get(name)?.unit as Unit]
}

function severalOperands(pool: Pool): Made {
  return operands(pool, pool.random.pick([2, 3]))
}

/** Operands of one unit, at least one of them a measure. */
function operands(pool: Pool, number: number): Made {
  const first = pool.measure(isQuantity)
  if (!first) return undefined
  const { random } = pool
  const { name: unit, scale } = first.unit
  const other = () => (random.chance(60) ? (pool.measure(measure => measure.unit.name === unit) as Reading).name : amount(random, scale))
  const source = [first.name, ...Array.from({ length: number - 1 }, other)]
  return { source: random.chance(50) ? source : source.reverse(), unit: first.unit }
}

function extreme(pool: Pool): Made {
  const kind = pool.kind(isDated)
  return kind && { source: { ...pool.filter(kind), ...(pool.random.chance(40) && { otherwise: pool.date() }) }, unit: pool.unit('date') }
}
