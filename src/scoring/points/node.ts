import Type from 'typebox'
import { compare, formatRational, type Rational } from '../../values/rational.ts'
import type { Localized, Origin } from '../document-parts.ts'
import type { NodeExplanation } from '../explanation.ts'
import type { Evaluation, Measure } from '../measures/measure.ts'

/**
 * A compiled part of an item. Its value is an integer over `den`, a denominator that is known before anybody is scored, so scoring is
 * integer arithmetic only.
 */
export type Node = {
  den: number
  /** Least and most points that any applicant can get here; undefined where there is no limit. */
  least: Rational | undefined
  most: Rational | undefined
  /** Measures it reads, for "unused" and for the explanation. */
  measures: readonly Measure[]
  /** The points as an integer over `den`, or undefined if evidence is missing. */
  value(evaluation: Evaluation): number | undefined
  /** The same, step by step, with the range that is left open where evidence is missing. */
  explain(evaluation: Evaluation): Explained
}

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

export function eitherMissing(parts: readonly { missing: { gain: boolean; loss: boolean } }[]): { gain: boolean; loss: boolean } {
  return { gain: parts.some(part => part.missing.gain), loss: parts.some(part => part.missing.loss) }
}

/** A node as written: one kind, beside what it rests on and how it is called. */
export type NodeSource = { [kind: string]: unknown } & Origin & { title?: Localized }
export const NodeRef = Type.Unsafe<NodeSource>({ $ref: '#/$defs/node' })
