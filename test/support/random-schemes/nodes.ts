import type { KindDefinition, Unit } from '../../../src/scoring/vocabulary.ts'
import type { Tree } from '../../../src/values/document.ts'
import type { Random } from '../random-facts.ts'
import { condition } from './conditions.ts'
import { amount, isDated, type Map_, type Pool, type Reading, some, title } from './pool.ts'

/* A random node of each kind. */

export type Want = {
  /** So many nodes may stand in each other. */
  depth: number
  /** It never gives negative points, as what is deducted. */
  positive: boolean
  /** What can be read here: measures, and inside `each` the attributes of a record too. */
  readings: readonly Reading[]
  inEach: boolean
}

type Maker = (pool: Pool, want: Want) => Tree | undefined

export const modes = ['half-up', 'half-even', 'floor', 'ceiling']

export function node(pool: Pool, want: Want): Tree {
  const { random } = pool
  const makers = want.depth > 0 && random.chance(80) ? outer : leaves
  for (;;) {
    const kind = random.pick(Object.keys(makers))
    const made = makers[kind]?.(pool, want)
    if (made !== undefined) return { [kind]: made, ...(random.chance(5) && { title: title(kind) }) }
  }
}

function inside(pool: Pool, want: Want, more: Partial<Want> = {}): Tree {
  return node(pool, { ...want, depth: want.depth - 1, ...more })
}

function several(pool: Pool, want: Want): Tree[] {
  return Array.from({ length: 1 + pool.random.below(3) }, () => inside(pool, want))
}

/** Points: small, so that ties are met, and with figures that fall between two decimals. */
function points(random: Random, { positive }: Pick<Want, 'positive'>): string {
  const figure = random.pick(['0', '1', '1', '2', '3', '5', '10', '0.5', '0.25', '1.5', '0.1', '0.05', '0.125', '2.345', '7'])
  return !positive && figure !== '0' && random.chance(20) ? `-${figure}` : figure
}

function quantity(pool: Pool, { readings }: Want, fits: (unit: Unit) => boolean = () => true): Reading | undefined {
  const fitting = readings.filter(({ unit }) => !['codes', 'yes-no', 'date'].includes(unit.name) && fits(unit))
  return fitting.length === 0 ? undefined : pool.random.pick(fitting)
}

function codes(pool: Pool, { readings }: Want): (Reading & { codes: readonly string[] }) | undefined {
  const fitting = readings.filter(({ unit }) => unit.name === 'codes')
  return fitting.length === 0 ? undefined : (pool.random.pick(fitting) as Reading & { codes: readonly string[] })
}

/** Figures of a unit, each more than the one before. */
function rising(pool: Pool, { scale }: Unit, number: number): string[] {
  const all = Array.from({ length: number }, () => amount(pool.random, scale))
  const byValue = new Map(all.map(text => [Number(text), text]))
  return [...byValue].sort(([a], [b]) => a - b).map(([, text]) => text)
}

const leaves: { [kind: string]: Maker } = {
  points: (pool, want) => points(pool.random, want),
  rate(pool, want) {
    const of = quantity(pool, want)
    if (!of) return undefined
    const { random } = pool
    const [after, upTo] = rising(pool, of.unit, 2)
    const which = random.below(5)
    return {
      of: of.name,
      points: points(random, want),
      per: random.pick(['1', '1', '2', '3', '12', '0.5', '7', '10']),
      count: random.pick(['exact', 'whole', 'begun']),
      ...((which === 1 || which === 3) && after && { after }),
      ...(which >= 2 && upTo && Number(upTo) > 0 && { upTo }),
    }
  },
  choice(pool, want) {
    const of = codes(pool, want)
    if (!of) return undefined
    const { random } = pool
    const rows = Array.from({ length: 1 + random.below(4) }, (_, i): Map_ => {
      const own = random.chance(15) && { title: title('row'), source: { ref: 's' } }
      return { row: `r${i}`, holds: some(random, of.codes, random.pick([1, 1, 1, 2])), points: points(random, want), ...own }
    })
    pool.choiceMade(want.inEach ? undefined : rows.map(row => row.row as string))
    return { of: of.name, rows, otherwise: points(random, want) }
  },
  table(pool, want) {
    const axis = (): { axis: Tree; size: number } | undefined => {
      const of = pool.random.chance(50) ? codes(pool, want) : quantity(pool, want)
      if (!of) return undefined
      const places = of.codes ? some(pool.random, of.codes, 3) : rising(pool, of.unit, 3)
      return { axis: { of: of.name, [of.codes ? 'codes' : 'from']: places }, size: places.length }
    }
    const [down, across] = [axis(), axis()]
    if (!down || !across) return undefined
    const row = () => Array.from({ length: across.size }, () => points(pool.random, want))
    return { down: down.axis, across: across.axis, points: Array.from({ length: down.size }, row), otherwise: points(pool.random, want) }
  },
  items(pool, { positive }) {
    return positive || pool.items.length === 0 ? undefined : some(pool.random, pool.items, 1 + pool.random.below(3))
  },
  total(pool, { positive }) {
    return positive || pool.totals.length === 0 ? undefined : pool.random.pick(pool.totals)
  },
}

const outer: { [kind: string]: Maker } = {
  bands(pool, want) {
    const of = quantity(pool, want)
    if (!of) return undefined
    const { random } = pool
    const open = () => (random.chance(60) ? [undefined] : [])
    const edges = [...open(), ...rising(pool, of.unit, 1 + random.below(4)), ...open()]
    const rows = edges.slice(0, -1).map((from, i): Map_ => {
      const below = edges[i + 1]
      return { ...(from !== undefined && { from }), ...(below !== undefined && { below }), then: inside(pool, want) }
    })
    if (rows.length === 0) return undefined
    const leavesOut = Number(edges[0] ?? 0) > 0 || edges.at(-1) !== undefined
    if (random.chance(20)) rows.reverse()
    return { of: of.name, rows, ...((leavesOut || random.chance(10)) && { outside: inside(pool, want) }) }
  },
  sum: several,
  highest: several,
  lowest: several,
  limit(pool, want) {
    const { random } = pool
    const [low, high] = [points(random, want), points(random, want)].sort((a, b) => Number(a) - Number(b)) as [string, string]
    // A floor of 0 makes anything fit to be deducted.
    if (want.positive && random.chance(60))
      return { of: inside(pool, want, { positive: false }), atLeast: '0', ...(random.chance(50) && { atMost: high }) }
    return { of: inside(pool, want), ...random.pick([{ atMost: high }, { atLeast: low }, { atMost: high, atLeast: low }]) }
  },
  round(pool, want) {
    return { of: inside(pool, want), scale: pool.random.pick(['0', '0', '1', '2', '3']), mode: pool.random.pick(modes) }
  },
  percent(pool, want) {
    const measure = pool.random.chance(30) ? quantity(pool, want) : undefined
    return { of: inside(pool, want), percent: measure?.name ?? pool.random.pick(['10', '30', '33', '50', '150', '2.5', '100']) }
  },
  share(pool, want) {
    const among = quantity(pool, want, unit => unit.scale === 0)
    const { random } = pool
    return (
      among && {
        of: inside(pool, want),
        among: among.name,
        ...(random.chance(50) && { plus: random.pick(['0', '1', '2']) }),
        scale: random.pick(['0', '1', '2']),
        mode: random.pick(modes),
      }
    )
  },
  deduct: (pool, want) => (want.positive ? undefined : inside(pool, want, { positive: true })),
  decide(pool, want) {
    const row = () => ({ if: condition(pool, want.depth - 1, want.readings, want.inEach), then: inside(pool, want) })
    return { rows: Array.from({ length: 1 + pool.random.below(3) }, row), otherwise: inside(pool, want) }
  },
  each(pool, want) {
    const kind = want.inEach ? undefined : pool.kind(isDated)
    if (!kind) return undefined
    const { random } = pool
    const which = random.below(3)
    return {
      ...pool.selection(kind),
      give: inside(pool, want, { inEach: true, readings: [...pool.measures, ...ofRecord(pool, kind), ...ofRecord(pool, kind)] }),
      ...(which === 1 && { perYear: { atMost: points(random, { positive: true }) } }),
      ...(which === 2 && { best: random.pick(['1', '1', '2', '3']) }),
    }
  },
}

function ofRecord(pool: Pool, kind: KindDefinition): Reading[] {
  return [...kind.attributes].map(([name, { codes, unit }]) =>
    codes ? { name, unit: pool.unit('codes'), codes: [...codes.keys()] } : { name, unit: unit as Unit },
  )
}
