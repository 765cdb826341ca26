import { isMap, partAt, textIn, tokensOf } from '../../scoring/diff/tree.ts'
import type { Tree } from '../../values/document.ts'
import { at } from '../../values/refusal.ts'
import { conditionText, nodeText } from './diff-values.ts'
import { diffWords } from './diff-words.ts'
import { titleIn } from './rule-text.ts'
import type { SchemeNames } from './scheme-names.ts'
import type { Language } from './words.ts'

/** Where a part of a document stands, as people say it. */
export type Place = {
  /** The titled nodes, rows and cases around it, outermost first. */
  trail: string[]
  /** What the part itself is called, if it has a name of its own: a row, a band, a part of a sum. */
  subject: string | undefined
  /** The name of its field and of what that belongs to; `key` is the two of them. */
  field: string
  owner: string
  key: string
  /** It is the points that a row, a cell or a fixed node gives. */
  isPoints: boolean
  isCondition: boolean
  isMeasure: boolean
  /** It is a figure that a measure or points are compared with. */
  isBound: boolean
  /** It is what a named date is. */
  isDay: boolean
  /** It is what records must be to be tolerated. */
  isTolerated: boolean
  /** The measure whose codes stand here, the kind whose records are meant, and inside `each` the kind of the record at hand. */
  measure: string | undefined
  kindOfRecords: string | undefined
  recordOfEach: string | undefined
}

const conditions = new Set(['if', 'require', 'when', 'all', 'any', 'not'])
const bounds = new Set(['equals', 'atLeast', 'below', 'atMost', 'above'])
const lists = new Set(['sum', 'highest', 'lowest'])

/** The place that a JSON pointer names. */
export function placeOf(names: SchemeNames, pointer: string, language: Language): Place {
  const tokens = tokensOf(pointer)
  const path = tokens.filter(token => !/^\d+$/.test(token))
  const field = path.at(-1) ?? ''
  const owner = path.at(-2) ?? ''
  const row = path.at(-3) ?? ''
  const trail: string[] = []
  let measure: string | undefined
  let kindOfRecords: string | undefined
  let recordOfEach: string | undefined
  let here = ''
  let subject: string | undefined
  for (const [i, token] of tokens.entries()) {
    const parent = tokens.slice(0, i).findLast(one => !/^\d+$/.test(one)) ?? ''
    here = at(here, token)
    const part = partAt(names.tree, here)
    if (i < 2) continue
    if (token === 'each') recordOfEach = textIn(part, 'of')
    if (isMap(part)) {
      measure =
        textIn(part, 'measure') ??
        (part.rows !== undefined || part.from !== undefined || part.codes !== undefined ? textIn(part, 'of') : undefined) ??
        measure
      kindOfRecords = textIn(part, 'of') ?? kindOfRecords
    }
    const called = calledAt(part, token, parent, measure, { names, language, kind: recordOfEach })
    if (called === undefined) continue
    if (i === tokens.length - 1) subject = called
    else trail.push(called)
  }
  const key = owner === 'rows' ? `${row}.rows.${field}` : `${owner}.${field}`
  const parent = partAt(names.tree, pointerOf('', ...tokens.slice(0, -1)))
  const isFixed =
    field === 'points' && isMap(parent) && Object.keys(parent).every(name => ['points', 'title', 'source', 'assumption'].includes(name))
  const isOfRow = field === 'points' && isMap(parent) && parent.row !== undefined
  const isCell = field === 'points' && owner === 'table' && tokens.length > 2 && /^\d+$/.test(tokens.at(-1) ?? '')
  const isOfRate = owner === 'rate' && field === 'points'
  const isPoints = isFixed || isOfRow || isCell || isOfRate || (field === 'otherwise' && (owner === 'choice' || owner === 'table'))
  if (isCell) subject = diffWords[language].cell(Number(tokens.at(-2)) + 1, Number(tokens.at(-1)) + 1)
  else if (isOfRate) subject = diffWords[language].nouns['rate.points']
  // "row bachelor gives 20 instead of 25 points": who gives them is the row.
  else if (isPoints && field === 'otherwise') subject = diffWords[language].otherwise
  else if (isPoints) subject = trail.pop()
  return {
    trail,
    subject,
    field,
    owner,
    key,
    isPoints,
    isCondition: conditions.has(field),
    isMeasure: tokens[0] === 'measures',
    isBound: bounds.has(field) && isMap(parent) && (parent.measure !== undefined || parent.value !== undefined),
    isDay: tokens[0] === 'dates' && field === 'is',
    isTolerated: owner === 'where' && row === 'tolerate',
    measure,
    kindOfRecords,
    recordOfEach,
  }
}

/** A JSON pointer with more tokens behind it. */
export function pointerOf(pointer: string, ...tokens: readonly string[]): string {
  return tokens.reduce((above, token) => at(above, token), pointer)
}

/** What a part is called on the way to another. */
function calledAt(
  part: Tree | undefined,
  token: string,
  parent: string,
  measure: string | undefined,
  speaking: { names: SchemeNames; language: Language; kind: string | undefined },
): string | undefined {
  const { names, language } = speaking
  const spoken = diffWords[language]
  const isElement = /^\d+$/.test(token)
  if (parent === 'rows' && isElement && isMap(part)) {
    if (part.row !== undefined) return spoken.row(names.row(part, measure))
    if (part.if !== undefined) return spoken.case(conditionText(part.if, speaking))
    return spoken.band(textIn(part, 'from') ?? null, textIn(part, 'below') ?? null)
  }
  if (isMap(part) && part.title !== undefined) return titleIn(part)?.[language]
  if (lists.has(parent) && isElement) return spoken.part(Number(token) + 1)
  if (token === 'otherwise' && isMap(part)) return spoken.otherwise
  if (token === 'outside' && isMap(part)) return spoken.outside
  if (token === 'give') return spoken.eachRecord
  // The measure that a bound belongs to.
  if (isMap(part) && typeof part.measure === 'string') return names.measure(part.measure)
  return isMap(part) && part.value !== undefined && Object.keys(part).some(field => bounds.has(field))
    ? nodeText(part.value, speaking)
    : undefined
}
