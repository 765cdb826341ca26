import Type from 'typebox'
import { times } from '../../values/decimal.ts'
import { compare, formatRational, type Rational } from '../../values/rational.ts'
import type { Localized, Origin } from '../document-parts.ts'
import type { NodeExplanation } from '../explanation.ts'
import type { Evaluation, Measure } from '../measures/measure.ts'
import type { Code, Emitted } from './code.ts'

/**
 * A compiled part of an item or total. Its value is an integer over `den`, a denominator that is known before anybody is scored, so scoring
 * is integer arithmetic only. `emit` writes the fast path, `explain` walks the same step with its reasons and with missing evidence.
 */
export type Node = {
  den: number
  /** Least and most points that any applicant can get here; undefined where there is no limit. */
  least: Rational | undefined
  most: Rational | undefined
  /** Measures, and items and totals by index, that it reads itself or in a part. */
  measures: readonly Measure[]
  items?: readonly number[]
  totals?: readonly number[]
  /** It depends on more than the values of its measures: on records, dates, or points made elsewhere. */
  beyond?: boolean
  /** Every way that it or a part of it can go. */
  branches: readonly Branch[]
  /** Of a table: the points of its rows, so that a cap can tell which of them it hides. */
  rows?: readonly { at: string; points: Rational }[]
  /** Adds statements, and gives the expression of the points as an integer over `den`. Where evidence is missing they leave by `code.leave`. */
  emit(code: Code): Emitted
  /** The points, step by step, with the range that is left open where evidence is missing. */
  explain(evaluation: Evaluation): Explained
}

/** One way that a node can go: the pointer of the node, its kind, and the name of the way. */
export type Branch = { at: string; node: string; branch: string }

/** A range of points and how it came about. Without missing evidence `low` and `high` are equal. */
export type Explained = {
  low: Rational | undefined
  high: Rational | undefined
  /** Evidence is missing that could only have given points, or that could have taken some away. */
  missing: { gain: boolean; loss: boolean }
  tree: NodeExplanation
}

export const nothingMissing = { gain: false, loss: false }

/** What is open when a node cannot be known at all: everything between its least and most. */
export function open(node: { least: Rational | undefined; most: Rational | undefined }) {
  return {
    low: node.least,
    high: node.most,
    missing: { gain: node.most === undefined || node.most.num > 0, loss: node.least === undefined || node.least.num < 0 },
  }
}

/** The same, with nothing missing where both ends meet: a reached cap or a sure highest leaves nothing open, whatever evidence lacks. */
export function settled(explained: Explained): Explained {
  const { low, high, missing, tree } = explained
  if ((!missing.gain && !missing.loss) || !low || !high || compare(low, high) !== 0) return explained
  return { low, high, missing: nothingMissing, tree: { ...tree, points: formatRational(low) } }
}

/** The points of a range for its tree: the value, or null while evidence is missing. */
export function shownPoints({ low, missing }: { low: Rational | undefined; missing: { gain: boolean; loss: boolean } }): string | null {
  return missing.gain || missing.loss || !low ? null : formatRational(low)
}

export function eitherMissing(parts: readonly { missing: { gain: boolean; loss: boolean } }[]): { gain: boolean; loss: boolean } {
  return { gain: parts.some(part => part.missing.gain), loss: parts.some(part => part.missing.loss) }
}

/** What a node reads through its parts. */
export function readBy(parts: readonly Node[]): Pick<Node, 'measures' | 'items' | 'totals' | 'beyond'> {
  return {
    measures: parts.flatMap(part => part.measures),
    items: parts.flatMap(part => part.items ?? []),
    totals: parts.flatMap(part => part.totals ?? []),
    beyond: parts.some(part => part.beyond === true),
  }
}

/** The ways of a node itself and those of its parts. */
export function branchesOf(at: string, node: string, own: readonly string[], parts: readonly Node[] = []): Branch[] {
  return [...own.map(branch => ({ at, node, branch })), ...parts.flatMap(part => part.branches)]
}

/** A figure as a literal of generated source, over a denominator that its own divides. */
export function literal(value: Rational, den: number): Emitted {
  const num = times(value.num, den / value.den)
  return { text: num < 0 ? `(${num})` : String(num), reach: Math.abs(num) }
}

/** What a part emits, brought to a larger denominator. */
export function aligned(code: Code, part: Node, den: number): Emitted {
  return code.times(part.emit(code), den / part.den)
}

/**
 * Writes a value that one of several ways gives: `ways` sets it, and goes on behind all of them by `taken`. Flat, however many ways there are.
 */
export function emitOneOf(code: Code, den: number, ways: (set: (node: Node) => void, taken: string) => void): Emitted {
  const text = code.name()
  let reach = 0
  code.line(`let ${text} = 0`)
  code.line(`${text}b: {`)
  ways(node => {
    const value = aligned(code, node, den)
    reach = Math.max(reach, value.reach)
    code.line(`${text} = ${value.text}`)
  }, `break ${text}b`)
  code.line('}')
  return { text, reach }
}

/** A node as written: one kind, beside what it rests on and how it is called. */
export type NodeSource = { [kind: string]: unknown } & Origin & { title?: Localized }
export const NodeRef = Type.Unsafe<NodeSource>({ $ref: '#/$defs/node' })
