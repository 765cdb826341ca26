import Type, { type Static } from 'typebox'
import { times } from '../../../values/decimal.ts'
import { compare, formatRational, lcm } from '../../../values/rational.ts'
import { Figure, Localized, Name, Origin, strict } from '../../document-parts.ts'
import type { Evaluation } from '../../measures/measure.ts'
import { inside } from '../../place.ts'
import type { NodeKind } from '../../scheme/compilation.ts'
import type { Code, Emitted } from '../code.ts'
import { branchesOf, literal, nothingMissing, open } from '../node.ts'
import { largestHigh, smallestLow } from '../range.ts'

/** Each row is compared with each; of longer tables nobody reads the note. */
const mostCompared = 500

const Row = strict({ row: Name, holds: Type.Array(Name, { minItems: 1 }), points: Figure, title: Type.Optional(Localized), ...Origin })
const schema = strict({ of: Name, rows: Type.Array(Row, { minItems: 1 }), otherwise: Figure })

/** A table over the codes somebody holds: of the rows that apply the one with the most points, of equal ones the first. */
export const choice: NodeKind<Static<typeof schema>> = {
  name: 'choice',
  branches: ['row', 'otherwise'],
  schema,
  compile(source, place, compilation) {
    const reading = compilation.readsCodes(source.of, inside(place, 'of'))
    const rows = source.rows.map((row, i) => {
      const here = compilation.origin(inside(place, 'rows', i), row)
      return { id: row.row, i, holds: row.holds, points: compilation.figure(row.points, inside(here, 'points')) }
    })
    const otherwise = compilation.figure(source.otherwise, inside(place, 'otherwise'))
    const ids = new Set<string>()
    const unreachable = new Set<number>()
    for (const [i, row] of rows.entries()) {
      if (ids.has(row.id)) compilation.error('overlap', inside(place, 'rows', i, 'row').pointer, `there are two rows "${row.id}"`)
      ids.add(row.id)
      const hidden =
        rows.length <= mostCompared &&
        rows.find(
          (other, j) =>
            j !== i &&
            other.holds.every(code => row.holds.includes(code)) &&
            (compare(other.points, row.points) > 0 || (compare(other.points, row.points) === 0 && j < i)),
        )
      if (!hidden) continue
      unreachable.add(i)
      compilation.note(
        'unreachable-row',
        inside(place, 'rows', i).pointer,
        `never taken: "${hidden.id}" asks for no more and gives no less`,
      )
    }
    if (!reading) return undefined
    for (const [i, row] of rows.entries())
      for (const [j, code] of row.holds.entries()) compilation.code(reading, code, inside(place, 'rows', i, 'holds', j))
    compilation.turn(reading, ...rows.map(row => row.holds))
    const all = [...rows.map(row => row.points), otherwise]
    const den = all.reduce((a, points) => lcm(a, points.den), 1)
    const range = { least: smallestLow(all), most: largestHigh(all) }
    /** The rows, those with the most points first. */
    const ranked = [...rows].sort((a, b) => compare(b.points, a.points) || a.i - b.i)
    const find = (held: readonly string[]) => ranked.find(row => row.holds.every(code => held.includes(code)))
    const held = (evaluation: Evaluation) => reading.take(evaluation) as readonly string[] | undefined
    // A record, and a trait, has one code: where every code has a row, `otherwise` is never taken.
    const isOne = reading.key === undefined || reading.measures.some(measure => measure.single)
    const isCovered =
      isOne && [...(reading.codes ?? [undefined])].every(code => rows.some(row => row.holds.length === 1 && row.holds[0] === code))
    const branch = (row: string | undefined) => (row === undefined ? 'otherwise' : `row/${row}`)

    /** Statements that set a local to the rank of the row that is taken: the number of rows if it is none. */
    const findRank = (name: string, codes: string): string[] => {
      const cases = ranked.map((row, rank) => ({ rank, row })).filter(({ row }) => !unreachable.has(row.i))
      if (cases.some(({ row }) => row.holds.length > 1)) {
        const tests = cases.map(
          ({ rank, row }) =>
            `if (${row.holds.map(code => `${codes}.includes(${JSON.stringify(code)})`).join(' && ')}) { ${name} = ${rank} }`,
        )
        return [tests.join(' else ')]
      }
      const words = cases.map(({ rank, row }) => `case ${JSON.stringify(row.holds[0])}: if (${rank} < ${name}) ${name} = ${rank}; break`)
      return [`for (let i = 0; i < ${codes}.length; i++) switch (${codes}[i]) { ${words.join('\n')} }`]
    }
    const rank = (code: Code): string => {
      if (reading.key !== undefined)
        return code.shared(place.pointer, name => {
          const codes = reading.emit(code)
          return [`let ${name} = ${rows.length}`, `if (${codes} !== undefined) {`, ...findRank(name, codes), '}']
        })
      const codes = code.local(reading.emit(code))
      const name = code.name()
      code.line(`let ${name} = ${rows.length}`)
      for (const line of findRank(name, codes)) code.line(line)
      return name
    }

    if (compilation.item !== undefined && !compilation.record)
      compilation.choices.set(
        compilation.item,
        compilation.choices.has(compilation.item)
          ? 'several'
          : {
              rows: rows.map(row => row.id),
              measures: reading.measures,
              pick(evaluation) {
                const codes = held(evaluation)
                return codes && (find(codes)?.id ?? null)
              },
              emit: (code, row) =>
                `(${reading.emit(code)} === undefined ? -1 : ${rank(code)} === ${ranked.findIndex(one => one.id === row)} ? 1 : 0)`,
            },
      )
    return {
      den,
      ...range,
      measures: reading.measures,
      branches: branchesOf(place.pointer, 'choice', [
        ...rows.filter(row => !unreachable.has(row.i)).map(row => branch(row.id)),
        ...(isCovered ? [] : ['otherwise']),
      ]),
      rows: rows
        .filter(row => !unreachable.has(row.i))
        .map(row => ({ at: inside(place, 'rows', row.i, 'points').pointer, points: row.points })),
      emit(code: Code): Emitted {
        if (reading.measures.length > 0) code.line(`if (${reading.emit(code)} === undefined) ${code.leave}`)
        const values = [...ranked.map(row => row.points), otherwise].map(points => times(points.num, den / points.den))
        return { text: `${code.bind(values)}[${rank(code)}]`, reach: Math.max(...all.map(points => literal(points, den).reach)) }
      },
      explain(evaluation) {
        const codes = held(evaluation)
        if (!codes)
          return {
            ...open(range),
            tree: { node: 'choice', at: place.pointer, branch: 'missing', points: null, how: { measure: reading.name, value: null } },
          }
        const row = find(codes)
        const points = row?.points ?? otherwise
        return {
          low: points,
          high: points,
          missing: nothingMissing,
          tree: {
            node: 'choice',
            at: place.pointer,
            branch: branch(row?.id),
            points: formatRational(points),
            how: { measure: reading.name, value: [...codes], row: row?.id ?? null },
          },
        }
      },
    }
  },
}
