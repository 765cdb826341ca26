import Type, { type Static } from 'typebox'
import { compare, formatRational, lcm, type Rational } from '../../../values/rational.ts'
import { Figure } from '../../document-parts.ts'
import { inside } from '../../place.ts'
import type { NodeKind } from '../../scheme/compilation.ts'
import type { Code, Emitted } from '../code.ts'
import { aligned, branchesOf, literal, NodeRef, readBy } from '../node.ts'
import { largerLow, smallerHigh } from '../range.ts'

const schema = Type.Object(
  { of: NodeRef, atMost: Type.Optional(Figure), atLeast: Type.Optional(Figure) },
  { additionalProperties: false, anyOf: [{ required: ['atMost'] }, { required: ['atLeast'] }] },
)

/** A cap, a floor, or both. */
export const limit: NodeKind<Static<typeof schema>> = {
  name: 'limit',
  branches: ['within', 'cap', 'floor'],
  schema,
  compile(source, place, compilation) {
    const part = compilation.node(source.of, inside(place, 'of'))
    const cap = source.atMost === undefined ? undefined : compilation.figure(source.atMost, inside(place, 'atMost'))
    const floor = source.atLeast === undefined ? undefined : compilation.figure(source.atLeast, inside(place, 'atLeast'))
    if (cap && floor && compare(floor, cap) > 0)
      return compilation.error('overlap', inside(place, 'atLeast').pointer, 'the floor lies above the cap')
    if (!part) return undefined
    if (cap && part.most && compare(part.most, cap) <= 0)
      compilation.note('unreachable-cap', inside(place, 'atMost').pointer, `cuts nothing: the most is ${formatRational(part.most)}`)
    for (const row of part.rows ?? [])
      if (cap && compare(row.points, cap) > 0)
        compilation.note(
          'unreachable-value',
          row.at,
          `gives ${formatRational(row.points)}, of which the cap above it leaves ${source.atMost}`,
        )
    const den = lcm(lcm(part.den, cap?.den ?? 1), floor?.den ?? 1)
    const clampHigh = (end: Rational | undefined) => largerLow(floor, smallerHigh(end, cap))
    const clampLow = (end: Rational | undefined) => {
      const raised = largerLow(end, floor)
      return raised && smallerHigh(raised, cap)
    }
    return {
      den,
      least: clampLow(part.least),
      most: part.most === undefined && cap === undefined ? undefined : clampHigh(part.most),
      ...readBy([part]),
      branches: branchesOf(place.pointer, 'limit', ['within', ...(cap ? ['cap'] : []), ...(floor ? ['floor'] : [])], [part]),
      emit(code: Code): Emitted {
        const value = aligned(code, part, den)
        const local = code.local(value.text)
        let text = local
        let { reach } = value
        if (floor) {
          const least = literal(floor, den)
          text = `${local} < ${least.text} ? ${least.text} : ${text}`
          reach = Math.max(reach, least.reach)
        }
        if (cap) {
          const most = literal(cap, den)
          text = `${local} > ${most.text} ? ${most.text} : ${text}`
          // A value whose least is known is kept small by its cap.
          if (part.least)
            reach = Math.min(reach, Math.max(most.reach, literal(part.least, den).reach, floor ? literal(floor, den).reach : 0))
        }
        return { text: code.local(text), reach }
      },
      explain(evaluation) {
        const explained = part.explain(evaluation)
        const { low: value, high: highest, missing } = explained
        const before = explained.tree.points
        // Most often nothing is missing, and there is one value to compare.
        if (before !== null && value && value === highest) {
          const applied = cap && compare(value, cap) > 0 ? 'cap' : floor && compare(value, floor) < 0 ? 'floor' : null
          const end = applied === 'cap' ? (cap as Rational) : applied === 'floor' ? (floor as Rational) : value
          const points = applied === null ? before : formatRational(end)
          const how = { before, atMost: source.atMost ?? null, atLeast: source.atLeast ?? null, applied }
          const tree = { node: 'limit', at: place.pointer, branch: applied ?? 'within', points, how, parts: [explained.tree] }
          return { low: end, high: end, missing, tree }
        }
        const low = clampLow(explained.low)
        const high = explained.high === undefined && cap === undefined ? undefined : clampHigh(explained.high)
        const known = before !== null && low && explained.low ? { low, before: explained.low } : undefined
        const applied = !known || compare(known.low, known.before) === 0 ? null : compare(known.low, known.before) < 0 ? 'cap' : 'floor'
        return {
          low,
          high,
          missing,
          tree: {
            node: 'limit',
            at: place.pointer,
            branch: !known ? 'missing' : (applied ?? 'within'),
            points: known ? formatRational(known.low) : null,
            how: { before, atMost: source.atMost ?? null, atLeast: source.atLeast ?? null, applied },
            parts: [explained.tree],
          },
        }
      },
    }
  },
}
