import Type, { type Static } from 'typebox'
import { lcm } from '../../../values/rational.ts'
import { Figure, Name, Origin, strict } from '../../document-parts.ts'
import { inside } from '../../place.ts'
import type { NodeKind } from '../../scheme/compilation.ts'
import type { Code, Emitted } from '../code.ts'
import { branchesOf, emitOneOf, type Node, NodeRef, open, readBy } from '../node.ts'
import { largestHigh, smallestLow } from '../range.ts'
import { emitKnown } from '../reading.ts'

const Row = strict({ from: Type.Optional(Figure), below: Type.Optional(Figure), then: NodeRef, ...Origin })
const schema = strict({ of: Name, rows: Type.Array(Row, { minItems: 1 }), outside: Type.Optional(NodeRef) })

/** Half-open bands [from, below) over a measure. Written so that exactly one band holds for every value. */
export const bands: NodeKind<Static<typeof schema>> = {
  name: 'bands',
  branches: ['row', 'outside'],
  schema,
  compile(source, place, compilation) {
    const reading = compilation.readsQuantity(source.of, inside(place, 'of'))
    const scale = reading?.unit.scale ?? 0
    const rows = source.rows.map((row, index) => {
      const here = compilation.origin(inside(place, 'rows', index), row)
      return {
        from: row.from === undefined ? Number.NEGATIVE_INFINITY : compilation.scaled(row.from, scale, inside(here, 'from')),
        below: row.below === undefined ? Number.POSITIVE_INFINITY : compilation.scaled(row.below, scale, inside(here, 'below')),
        node: compilation.node(row.then, inside(here, 'then')),
        index,
      }
    })
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
    for (const row of rows) if (row.below <= 0) compilation.note('unreachable-row', here(row.index), 'never taken: no measure is below 0')
    const nodes = [...rows.map(row => row.node), ...(source.outside === undefined ? [] : [outside])]
    if (!reading || !nodes.every(node => node !== undefined)) return undefined
    compilation.turn(reading, ...rows.flatMap(row => [row.from, row.below]))
    const hasOutside = openBelow || openAbove
    if (source.outside !== undefined && !hasOutside)
      compilation.note('unreachable-row', inside(place, 'outside').pointer, 'never taken: every value falls into a band')
    const reachable = hasOutside ? nodes : nodes.slice(0, rows.length)
    const den = nodes.reduce((a, node) => lcm(a, node.den), 1)
    const range = { least: smallestLow(reachable.map(node => node.least)), most: largestHigh(reachable.map(node => node.most)) }
    const choose = (amount: number): { node: Node; row: number | null } => {
      for (const row of rows) if (amount >= row.from && amount < row.below) return { node: row.node as Node, row: row.index }
      return { node: outside as Node, row: null }
    }
    const read = readBy(nodes)
    return {
      den,
      ...range,
      ...read,
      measures: [...reading.measures, ...read.measures],
      rows: reachable.flatMap(node => node.rows ?? []),
      branches: branchesOf(place.pointer, 'bands', [...rows.map(row => `row/${row.index}`), ...(hasOutside ? ['outside'] : [])], reachable),
      emit(code: Code): Emitted {
        const amount = emitKnown(code, reading)
        return emitOneOf(code, den, (set, taken) => {
          // The bands follow each other without a gap, so an upper end tells them apart.
          const below = (end: number, node: Node) => {
            code.line(`if (${amount} < ${end}) {`)
            set(node)
            code.line(`${taken} }`)
          }
          if (openBelow) below(first.from, outside as Node)
          for (const row of sorted) if (row.below !== Number.POSITIVE_INFINITY) below(row.below, row.node as Node)
          set((openAbove ? outside : last?.node) as Node)
        })
      },
      explain(evaluation) {
        const amount = reading.take(evaluation) as number | undefined
        if (amount === undefined)
          return {
            ...open(range),
            tree: { node: 'bands', at: place.pointer, branch: 'missing', points: null, how: { measure: reading.name, value: null } },
          }
        const { node, row } = choose(amount)
        const explained = node.explain(evaluation)
        const band = row === null ? undefined : source.rows[row]
        return {
          ...explained,
          tree: {
            node: 'bands',
            at: place.pointer,
            branch: row === null ? 'outside' : `row/${row}`,
            points: explained.tree.points,
            how: {
              measure: reading.name,
              value: reading.format(amount) as string,
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
