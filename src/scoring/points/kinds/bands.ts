import Type, { type Static } from 'typebox'
import { times } from '../../../values/decimal.ts'
import { lcm } from '../../../values/rational.ts'
import { Figure, Name, strict } from '../../document-parts.ts'
import { formatMeasure } from '../../measures/format.ts'
import { takeNumber } from '../../measures/measure.ts'
import { inside } from '../../place.ts'
import type { NodeKind } from '../../scheme/compilation.ts'
import { type Node, NodeRef, open } from '../node.ts'
import { largestHigh, smallestLow } from '../range.ts'

const Row = strict({ from: Type.Optional(Figure), below: Type.Optional(Figure), then: NodeRef })
const schema = strict({ of: Name, rows: Type.Array(Row, { minItems: 1 }), outside: Type.Optional(NodeRef) })

/** Half-open bands [from, below) over a measure. Written so that exactly one band holds for every value. */
export const bands: NodeKind<Static<typeof schema>> = {
  name: 'bands',
  schema,
  compile(source, place, compilation) {
    const measure = compilation.quantity(source.of, inside(place, 'of'))
    const scale = measure?.definition.unit.scale ?? 0
    const rows = source.rows.map((row, i) => ({
      from: row.from === undefined ? Number.NEGATIVE_INFINITY : compilation.scaled(row.from, scale, inside(place, 'rows', i, 'from')),
      below: row.below === undefined ? Number.POSITIVE_INFINITY : compilation.scaled(row.below, scale, inside(place, 'rows', i, 'below')),
      node: compilation.node(row.then, inside(place, 'rows', i, 'then')),
      index: i,
    }))
    const outside = source.outside === undefined ? undefined : compilation.node(source.outside, inside(place, 'outside'))
    const sorted = [...rows].sort((a, b) => a.from - b.from || a.below - b.below)
    const here = (i: number) => inside(place, 'rows', i).pointer
    for (const [i, row] of sorted.entries()) {
      if (row.below <= row.from) compilation.error('gap', here(row.index), 'the band is empty: "below" must be more than "from"')
      const next = sorted[i + 1]
      if (!next) break
      if (next.from < row.below)
        compilation.error(
          'overlap',
          here(next.index),
          `begins at ${source.rows[next.index]?.from ?? 'the start'}, inside the band before it, which ends below ${source.rows[row.index]?.below ?? 'no end'}`,
        )
      if (next.from > row.below)
        compilation.error(
          'gap',
          here(next.index),
          `values from ${source.rows[row.index]?.below} to below ${source.rows[next.index]?.from} fall into no band`,
        )
    }
    const first = sorted[0]
    const last = sorted.at(-1)
    // No measure is negative, so a first band from 0 leaves nothing out.
    const openBelow = first !== undefined && first.from > 0
    const openAbove = last !== undefined && last.below !== Number.POSITIVE_INFINITY
    if (source.outside === undefined && openBelow)
      compilation.error(
        'gap',
        here(first.index),
        'smaller values fall into no band; leave out "from", or say with "outside" what holds for them',
      )
    if (source.outside === undefined && openAbove)
      compilation.error(
        'gap',
        here(last.index),
        'larger values fall into no band; leave out "below", or say with "outside" what holds for them',
      )
    const nodes = [...rows.map(row => row.node), ...(source.outside === undefined ? [] : [outside])]
    if (!measure || !nodes.every(node => node !== undefined)) return undefined
    const reachable = openBelow || openAbove ? nodes : nodes.slice(0, rows.length)
    const den = nodes.reduce((a, node) => lcm(a, node.den), 1)
    const range = { least: smallestLow(reachable.map(node => node.least)), most: largestHigh(reachable.map(node => node.most)) }
    const choose = (amount: number): { node: Node; row: number | null } => {
      for (const row of rows) if (amount >= row.from && amount < row.below) return { node: row.node as Node, row: row.index }
      return { node: outside as Node, row: null }
    }
    return {
      den,
      ...range,
      measures: [measure, ...nodes.flatMap(node => node.measures)],
      value(evaluation) {
        const amount = takeNumber(measure, evaluation)
        if (amount === undefined) return undefined
        const { node } = choose(amount)
        const value = node.value(evaluation)
        return value === undefined ? undefined : times(value, den / node.den)
      },
      explain(evaluation) {
        const amount = takeNumber(measure, evaluation)
        if (amount === undefined)
          return { ...open(range), tree: { node: 'bands', at: place.pointer, points: null, how: { measure: measure.name, value: null } } }
        const { node, row } = choose(amount)
        const explained = node.explain(evaluation)
        const band = row === null ? undefined : source.rows[row]
        return {
          ...explained,
          tree: {
            node: 'bands',
            at: place.pointer,
            points: explained.tree.points,
            how: {
              measure: measure.name,
              value: formatMeasure(measure, amount) as string,
              row,
              from: band?.from ?? null,
              below: band?.below ?? null,
            },
            parts: [explained.tree],
          },
        }
      },
    }
  },
}
