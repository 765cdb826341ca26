import Type, { type Static } from 'typebox'
import { plus, times } from '../../../values/decimal.ts'
import { add, compare, formatRational, lcm, type Rational, rationalZero } from '../../../values/rational.ts'
import { Figure, strict, WholeFigure } from '../../document-parts.ts'
import { describe } from '../../evidence/describe.ts'
import type { EvidenceRecord } from '../../evidence/facts.ts'
import { mostRecords } from '../../evidence/read-facts.ts'
import { yearBegun } from '../../measures/calendar.ts'
import { compileSelection, selectionFields } from '../../measures/selection.ts'
import { inside } from '../../place.ts'
import type { NodeKind } from '../../scheme/compilation.ts'
import type { Code, Emitted } from '../code.ts'
import { branchesOf, type Explained, eitherMissing, NodeRef, open, readBy, shownPoints } from '../node.ts'
import { smallerHigh, sumOf } from '../range.ts'

const fields = strict({
  ...selectionFields,
  give: NodeRef,
  perYear: Type.Optional(strict({ atMost: Figure })),
  best: Type.Optional(WholeFigure),
})
// Which records are left out would change which years reach their cap: a rule that says both says not which comes first.
const schema = { ...fields, not: { required: ['perYear', 'best'] } }

/**
 * Points for each record of a kind, all together. `perYear` caps the points of each calendar year, `best` keeps the records with the most points.
 */
export const each: NodeKind<Static<typeof fields>> = {
  name: 'each',
  branches: ['some', 'left-out', 'capped'],
  schema,
  compile(source, place, compilation) {
    if (compilation.record) return compilation.error('wrong-form', place.pointer, '"each" cannot stand inside another "each"')
    const selection = compileSelection(source, place, compilation)
    if (selection && selection.kind.shape === 'trait')
      return compilation.error(
        'unit-mismatch',
        inside(place, 'of').pointer,
        `${source.of} is a trait, of which there is one; read it with a measure of codes`,
      )
    compilation.record = selection?.kind
    const part = compilation.node(source.give, inside(place, 'give'))
    compilation.record = undefined
    const cap = source.perYear && compilation.figure(source.perYear.atMost, inside(place, 'perYear', 'atMost'))
    const best = source.best === undefined ? undefined : compilation.scaled(source.best, 0, inside(place, 'best'))
    if (cap && cap.num < 0)
      return compilation.error(
        'wrong-form',
        inside(place, 'perYear', 'atMost').pointer,
        'must be 0 or more: what is taken away goes into "deduct"',
      )
    if (best === 0) return compilation.error('wrong-form', inside(place, 'best').pointer, 'must be 1 or more')
    if (!selection || !part) return undefined
    for (const kind of selection.kinds) compilation.kindsOfNodes.add(kind)

    const den = lcm(part.den, cap?.den ?? 1)
    /** What the largest number of records can give; undefined without a limit. */
    const reachable = (end: Rational | undefined, gives: boolean): Rational | undefined => {
      if (end && !gives) return rationalZero
      return end && best !== undefined ? { num: times(end.num, best), den: end.den } : undefined
    }
    const range = {
      least: reachable(part.least, part.least === undefined || part.least.num < 0),
      most: reachable(part.most, part.most === undefined || part.most.num > 0),
    }
    const yearIn = (record: EvidenceRecord) => yearBegun(selection.kind, record)

    /** Which records are kept: those with the most points, of equal ones the first. */
    const kept = <T>(values: readonly T[], order: (a: T, b: T) => number): Set<number> => {
      const ranked = values.map((_, i) => i).sort((a, b) => order(values[b] as T, values[a] as T) || a - b)
      return new Set(best === undefined ? ranked : ranked.slice(0, best))
    }
    const capNum = cap && times(cap.num, den / cap.den)
    const together = (records: readonly EvidenceRecord[], values: readonly number[]): number => {
      const keep = kept(values, (a, b) => a - b)
      const byYear = new Map<number, number>()
      for (const [i, value] of values.entries()) {
        if (!keep.has(i)) continue
        const year = capNum === undefined ? 0 : yearIn(records[i] as EvidenceRecord)
        byYear.set(year, plus(byYear.get(year) ?? 0, value))
      }
      let total = 0
      for (const sum of byYear.values()) total = plus(total, capNum === undefined ? sum : Math.min(sum, capNum))
      return total
    }
    const read = readBy([part])
    const own = ['some', ...(best === undefined ? [] : ['left-out']), ...(cap ? ['capped'] : [])]
    return {
      den,
      ...range,
      ...read,
      beyond: true,
      branches: branchesOf(place.pointer, 'each', own, [part]),
      emit(code: Code): Emitted {
        const records = code.local(`${code.bind(selection.records)}(${code.evaluation})`)
        code.line(`if (${records} === undefined) ${code.leave}`)
        const values = code.local('[]')
        const record = code.name()
        code.line(`for (const ${record} of ${records}) {`)
        const outer = code.record
        code.record = record
        const value = code.times(part.emit(code), den / part.den)
        code.record = outer
        code.line(`${values}.push(${value.text})`)
        code.line('}')
        return { text: `${code.bind(together)}(${records}, ${values})`, reach: value.reach * mostRecords }
      },
      explain(evaluation) {
        const records = selection.records(evaluation)
        if (!records) {
          evaluation.lacks(selection.kinds)
          return {
            ...open(range),
            tree: { node: 'each', at: place.pointer, branch: 'missing', points: null, how: { kind: source.of, records: null } },
          }
        }
        const outer = evaluation.record
        const explained = records.map((record): Explained => {
          evaluation.record = record
          return part.explain(evaluation)
        })
        if (outer) evaluation.record = outer
        else delete evaluation.record
        const missing = eitherMissing(explained)
        const sumEnds = (ends: readonly (Rational | undefined)[], worst: (a: Rational | undefined, b: Rational | undefined) => number) => {
          const keep = kept(ends, worst)
          const byYear = new Map<number, Rational | undefined>()
          for (const [i, end] of ends.entries()) {
            if (!keep.has(i)) continue
            const year = cap === undefined ? 0 : yearIn(records[i] as EvidenceRecord)
            byYear.set(year, byYear.has(year) ? sumOf([byYear.get(year), end], add, rationalZero) : end)
          }
          return [...byYear.values()]
        }
        const lows = sumEnds(
          explained.map(one => one.low),
          (a, b) => (a === b ? 0 : a === undefined ? -1 : b === undefined ? 1 : compare(a, b)),
        )
        const highs = sumEnds(
          explained.map(one => one.high),
          (a, b) => (a === b ? 0 : a === undefined ? 1 : b === undefined ? -1 : compare(a, b)),
        )
        const low = sumOf(
          lows.map(end => (cap ? end && smallerHigh(end, cap) : end)),
          add,
          rationalZero,
        )
        const high = sumOf(
          highs.map(end => smallerHigh(end, cap)),
          add,
          rationalZero,
        )
        const points = shownPoints({ low, missing })
        const isCapped = cap !== undefined && lows.some(end => end && compare(end, cap) > 0)
        const isLeftOut = best !== undefined && records.length > best
        return {
          low,
          high,
          missing,
          tree: {
            node: 'each',
            at: place.pointer,
            branch: points === null ? 'missing' : isCapped ? 'capped' : isLeftOut ? 'left-out' : records.length > 0 ? 'some' : 'none',
            points,
            how: {
              kind: source.of,
              records: records.length,
              ...(best !== undefined && { best }),
              ...(cap && { perYear: formatRational(cap) }),
            },
            evidence: records.map(record => describe(selection.kind, record)),
            parts: explained.map(one => one.tree),
          },
        }
      },
    }
  },
}
