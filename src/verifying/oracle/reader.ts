import { readDocument, type Tree } from '../../values/document.ts'
import type { SchemeTree, VocabularyTree } from './trees.ts'

/*
 * Reads the two documents for the oracle. They were checked when they were taken; here only this is looked at: that they hold nothing which the oracle has no
 * rule for. A construct that it lacks is an error with its name, never passed over.
 */

/** Something in a document for which the oracle has no rule. */
export class CannotRead extends Error {
  constructor(place: string) {
    super(`the second program has no rule for ${place}`)
    this.name = 'CannotRead'
  }
}

/** @throws CannotRead */
export function readSchemeTree(text: string): SchemeTree {
  const { tree } = readDocument(text)
  scheme(tree, 'scheme')
  return tree as unknown as SchemeTree
}

/** @throws CannotRead */
export function readVocabularyTree(text: string): VocabularyTree {
  const { tree } = readDocument(text)
  vocabulary(tree, 'vocabulary')
  return tree as unknown as VocabularyTree
}

type Check = (tree: Tree, place: string) => void
type Fields = { [name: string]: Check }

const told: Check = () => {}
const text: Check = (tree, place) => {
  if (typeof tree !== 'string') throw new CannotRead(place)
}
const word =
  (...words: string[]): Check =>
  (tree, place) => {
    if (typeof tree !== 'string') throw new CannotRead(place)
    if (!words.includes(tree)) throw new CannotRead(`${place}: ${tree}`)
  }
const list =
  (of: Check): Check =>
  (tree, place) => {
    if (!Array.isArray(tree)) throw new CannotRead(place)
    for (const [i, part] of tree.entries()) of(part, `${place}/${i}`)
  }
const oneOrMore =
  (of: Check): Check =>
  (tree, place) =>
    Array.isArray(tree) ? list(of)(tree, place) : of(tree, place)
const named =
  (of: Check): Check =>
  (tree, place) => {
    for (const [name, part] of parts(tree, place)) of(part, `${place}/${name}`)
  }
const fields =
  (known: Fields): Check =>
  (tree, place) => {
    for (const [name, part] of parts(tree, place)) {
      if (!Object.hasOwn(known, name)) throw new CannotRead(`${place}/${name}`)
      known[name]?.(part, `${place}/${name}`)
    }
  }

function parts(tree: Tree, place: string): [string, Tree][] {
  if (typeof tree === 'string' || Array.isArray(tree)) throw new CannotRead(place)
  return Object.entries(tree)
}

// A node and a condition hold others of their kind.
const node: Check = (tree, place) => anyNode(tree, place)
const condition: Check = (tree, place) => anyCondition(tree, place)

const origin: Fields = { title: told, source: told, assumption: told }
const mode = word('half-up', 'half-even', 'floor', 'ceiling')
const rounding = word('half-up', 'half-even', 'floor', 'ceiling', 'none')
const bounds: Fields = { atLeast: text, above: text, atMost: text, below: text, equals: text }
const where = named((tree, place) =>
  typeof tree === 'string' || Array.isArray(tree) ? oneOrMore(text)(tree, place) : fields({ not: oneOrMore(text), ...bounds })(tree, place),
)
const filter: Fields = { of: text, where }
const selection: Fields = { ...filter, window: fields({ from: text, until: text }) }
const which = word('first', 'last')

const kind = fields({
  title: told,
  shape: word('event', 'span', 'certificate', 'trait'),
  grain: word('month', 'day'),
  attributes: named(fields({ title: told, codes: told, unit: text, default: text })),
})
const vocabulary = fields({ vocabulary: text, units: told, kinds: named(kind), measures: told })

const date = fields({
  ...origin,
  ...filter,
  which,
  otherwise: text,
  from: text,
  shift: fields({ years: text, months: text, days: text }),
  move: word('start-of-year', 'end-of-year', 'start-of-month', 'end-of-month'),
})

const whole = fields({ unit: text, atMost: text })
const measure = fields({
  ...origin,
  age: fields({ ...filter, which, on: text, in: word('years', 'months'), count: word('whole', 'begun'), otherwise: text }),
  months: fields({
    ...selection,
    continuous: fields({ endingOn: text, gap: text, gaps: word('left-out', 'counted') }),
    tolerate: fields({ where, upTo: text }),
    except: fields(filter),
    single: word('longest', 'last', 'current'),
  }),
  overlap: fields({ ...selection, with: oneOrMore(fields(filter)) }),
  wholeYears: fields({ of: text }),
  least: list(text),
  greatest: list(text),
  added: list(text),
  difference: fields({ of: text, less: text }),
  count: fields({ ...selection, perYear: fields({ atMost: text }) }),
  sum: fields({ ...selection, amount: text, perRecord: whole, perYear: whole }),
  amount: fields({ ...selection, amount: text, take: word('highest', 'lowest', 'first', 'last') }),
  yearsWith: fields({ ...selection, amount: text, atLeast: text }),
  codes: fields({ ...selection, code: text, on: text }),
  covers: fields({ ...filter, on: text }),
  earliest: fields({ ...filter, otherwise: text }),
  latest: fields({ ...filter, otherwise: text }),
})

const axis = fields({ of: text, from: list(text), codes: list(text) })
const anyNode = fields({
  ...origin,
  points: text,
  rate: fields({ of: text, points: text, per: text, count: word('exact', 'whole', 'begun'), after: text, upTo: text }),
  bands: fields({ of: text, rows: list(fields({ ...origin, from: text, below: text, then: node })), outside: node }),
  table: fields({ down: axis, across: axis, points: list(list(text)), otherwise: text }),
  choice: fields({ of: text, rows: list(fields({ ...origin, row: text, holds: list(text), points: text })), otherwise: text }),
  sum: list(node),
  highest: list(node),
  lowest: list(node),
  limit: fields({ of: node, atMost: text, atLeast: text }),
  round: fields({ of: node, scale: text, mode }),
  percent: fields({ of: node, percent: text }),
  share: fields({ of: node, among: text, plus: text, scale: text, mode }),
  deduct: node,
  decide: fields({ rows: list(fields({ ...origin, if: condition, then: node })), otherwise: node }),
  each: fields({ ...selection, give: node, perYear: fields({ atMost: text }), best: text }),
  items: list(text),
  total: text,
})

const anyCondition = fields({
  ...bounds,
  all: list(condition),
  any: list(condition),
  not: condition,
  chosen: fields({ item: text, row: text }),
  value: node,
  date: text,
  from: text,
  until: text,
  measure: text,
  is: text,
  holds: text,
})

const scheme = fields({
  $schema: told,
  scheme: text,
  version: text,
  vocabulary: text,
  title: told,
  status: word('complete', 'incomplete'),
  absent: told,
  sources: told,
  calendar: fields({ ...origin, monthEnd: word('last-day', 'next-day') }),
  units: told,
  evidence: named(kind),
  dates: named(date),
  measures: named(measure),
  checks: named(fields({ ...origin, same: list(text), within: text })),
  gates: named(fields({ ...origin, require: condition })),
  freezes: named(fields({ ...origin, when: condition })),
  items: named(fields({ ...origin, scale: text, rounding, value: node })),
  totals: named(
    fields({ ...origin, scale: text, rounding, items: list(text), value: node, gates: list(text), freezes: list(text), floor: text }),
  ),
})
