import type { Vocabulary } from '../../../src/scoring/vocabulary.ts'
import type { Random } from '../random-facts.ts'
import { condition } from './conditions.ts'
import { measureMakers } from './measures.ts'
import { modes, node } from './nodes.ts'
import { amount, isDated, literalDate, type Map_, type Own, origin, Pool, type Reading, some, title } from './pool.ts'

/** A whole random scheme. Almost all are without errors; what a linter alone can tell (a value that is not exact) is not avoided. */
export function randomScheme(base: Vocabulary, random: Random): Map_ {
  const own = ownNames(random)
  const pool = new Pool(random, base, own)
  const dates = randomDates(pool)
  const measures = randomMeasures(pool)
  const checks = randomChecks(pool)
  const incomplete = random.chance(10)
  const depth = random.pick([0, 1, 2, 2, 3])
  const items: Map_ = {}
  for (let i = 0; i < 1 + random.below(4); i++) {
    const value = node(pool, { depth, positive: false, readings: pool.measures, inEach: false })
    items[`item${i}`] = { title: title('item'), ...origin(random), ...scale(random), value }
    pool.itemDone(`item${i}`)
  }
  const gates = Array.from({ length: random.below(3) }, (_, i) => `gate${i}`)
  const freezes = Array.from({ length: random.below(3) }, (_, i) => `freeze${i}`)
  const totals: Map_ = {}
  for (let i = 0; i < 1 + random.below(3); i++) {
    totals[`total${i}`] = randomTotal(pool, gates, freezes)
    pool.totals.push(`total${i}`)
  }
  const standing = (names: string[], field: string): Map_ =>
    Object.fromEntries(names.map(name => [name, { title: title(name), ...origin(random), [field]: condition(pool, 2) }]))
  return {
    scheme: 'random',
    version: '1',
    vocabulary: base.version,
    title: title('random'),
    status: incomplete ? 'incomplete' : 'complete',
    ...(incomplete && { absent: [title('a part')] }),
    sources: { s: { title: 'a source', mark: 'OWN' } },
    calendar: { monthEnd: random.pick(['last-day', 'next-day']), assumption: 'made up' },
    ...own,
    dates,
    measures,
    ...(Object.keys(checks).length > 0 && { checks }),
    gates: standing(gates, 'require'),
    ...(freezes.length > 0 && { freezes: standing(freezes, 'when') }),
    items,
    totals,
  }
}

/** Units and kinds of evidence of its own. */
function ownNames(random: Random): Own {
  const units: Map_ = { steps: { title: title('steps'), scale: random.pick(['0', '1', '3']) } }
  const evidence: Map_ = {}
  const shapes = some(random, ['event', 'span', 'certificate', 'trait'], random.below(4))
  for (const shape of shapes) {
    const attributes: Map_ = {}
    if (random.chance(70)) {
      const usual = random.chance(30) && { default: 'b' }
      attributes[`${shape}Code`] = { title: title('code'), codes: { a: title('a'), b: title('b'), c: title('c') }, ...usual }
    }
    if (random.chance(70)) {
      const usual = random.chance(30) && { default: amount(random, 0) }
      attributes[`${shape}Amount`] = { title: title('amount'), unit: random.pick(['steps', 'points', 'persons', 'yuan']), ...usual }
    }
    const grain = shape === 'span' && random.chance(60) && { grain: random.pick(['month', 'day']) }
    evidence[`${shape}Own`] = {
      title: title(shape),
      shape,
      ...grain,
      ...(Object.keys(attributes).length > 0 && { attributes }),
    }
  }
  return { units, evidence }
}

function randomDates(pool: Pool): Map_ {
  const { random } = pool
  const dates: Map_ = {}
  for (let i = 0; i < random.below(4); i++) {
    const kind = random.chance(30) ? pool.kind(isDated) : undefined
    const which = 1 + random.below(7)
    const shift: Map_ = {
      ...(which & 1 && { years: random.pick(['-5', '-1', '0', '1']) }),
      ...(which & 2 && { months: random.pick(['-6', '-1', '1', '3']) }),
      ...(which & 4 && { days: random.pick(['-1', '1', '30']) }),
    }
    dates[`date${i}`] = {
      ...(kind
        ? { ...pool.filter(kind), which: random.pick(['first', 'last']), ...(random.chance(40) && { otherwise: pool.date() }) }
        : { from: random.chance(80) ? pool.date() : literalDate(random) }),
      ...(random.chance(60) && { shift }),
      ...(random.chance(40) && { move: random.pick(['start-of-year', 'end-of-year', 'start-of-month', 'end-of-month']) }),
      ...origin(random),
    }
    pool.dates.push(`date${i}`)
  }
  return dates
}

function randomMeasures(pool: Pool): Map_ {
  const { random } = pool
  const measures: Map_ = {}
  const number = 3 + random.below(6)
  // The kind with the most options comes up more often.
  const kinds = [...Object.keys(measureMakers), 'months', 'months']
  while (pool.measures.length < number) {
    const kind = random.pick(kinds)
    const made = measureMakers[kind]?.(pool)
    if (!made) continue
    const shared = random.chance(15) ? sharedName(pool, made.unit.name) : undefined
    const name = shared ?? `m${pool.measures.length}`
    measures[name] = { [kind]: made.source, ...(!shared && { title: title(name) }), ...origin(random) }
    pool.measures.push({ name, unit: made.unit, codes: made.codes })
  }
  return measures
}

/** A name that the vocabulary has for a measure of a unit. */
function sharedName(pool: Pool, unit: string): string | undefined {
  const taken = new Set([...pool.measures.map(({ name }) => name), ...pool.kinds.flatMap(kind => [...kind.attributes.keys()])])
  const free = [...pool.vocabulary.measures.values()].filter(one => one.unit.name === unit && !taken.has(one.name))
  return free.length === 0 ? undefined : pool.random.pick(free).name
}

function randomChecks(pool: Pool): Map_ {
  const { random } = pool
  const isQuantity = ({ unit }: Reading) => !['codes', 'yes-no', 'date'].includes(unit.name)
  const one = pool.measure(isQuantity)
  const other = one && pool.measure(({ name, unit }) => unit.name === one.unit.name && name !== one.name)
  if (!one || !other) return {}
  const within = random.chance(50) && { within: amount(random, one.unit.scale) }
  return { check: { title: title('check'), same: [one.name, other.name], ...within, ...origin(random) } }
}

function randomTotal(pool: Pool, gates: string[], freezes: string[]): Map_ {
  const { random } = pool
  const how = random.below(3)
  const subset = (names: string[]) => names.filter(() => random.chance(60))
  return {
    title: title('total'),
    ...origin(random),
    ...scale(random),
    ...(how === 1 && { items: some(random, pool.items, 1 + random.below(3)) }),
    ...(how === 2 && { value: node(pool, { depth: 2, positive: false, readings: pool.measures, inEach: false }) }),
    ...(random.chance(30) && { floor: random.pick(['0', '1', '5', '-2']) }),
    ...(random.chance(30) && { gates: subset(gates) }),
    ...(random.chance(30) && { freezes: subset(freezes) }),
  }
}

function scale(random: Random): Map_ {
  return {
    scale: random.pick(['0', '1', '2', '2', '3', '6']),
    rounding: random.chance(12) ? 'none' : random.pick(modes),
  }
}
