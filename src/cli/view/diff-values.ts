import { type DateUsed, isDateUsed } from '../../scoring/diff/normalized.ts'
import { isMap, kindIn, type Map_, mapIn, textIn } from '../../scoring/diff/tree.ts'
import type { Tree } from '../../values/document.ts'
import { diffWords } from './diff-words.ts'
import type { SchemeNames } from './scheme-names.ts'
import { type Language, type Words, words } from './words.ts'

/*
 * What stands in a scheme's document in words: dates, conditions, nodes, and which records count.
 */

/** In whose words, and inside `each` of which kind of record. */
export type Speaking = { language: Language; names: SchemeNames; kind: string | undefined }

const bounds = ['equals', 'atLeast', 'below', 'atMost', 'above'] as const

export function dateText(date: Tree, speaking: Speaking, told: Partial<Record<'years' | 'months' | 'days', string>> = {}): string {
  const spoken = diffWords[speaking.language]
  const is = isDateUsed(date) ? date.is : date
  if (typeof is === 'string') return is === 'reference' ? spoken.reference : is
  const of = textIn(is, 'of')
  const otherwise = isMap(is) ? is.otherwise : undefined
  let text =
    of === undefined
      ? dateText((is as Map_).from as Tree, speaking)
      : spoken.firstRecord(
          [speaking.names.kind(of), ...whereTexts(mapIn(is, 'where'), of, speaking)].join(words[speaking.language].clause),
          textIn(is, 'which') ?? 'first',
          otherwise === undefined ? null : dateText(otherwise, speaking),
        )
  const shift = mapIn(is, 'shift') ?? {}
  let isShifted = false
  for (const unit of ['years', 'months', 'days'] as const) {
    const figure = textIn(shift, unit)
    if (figure === undefined || Number(figure) === 0) continue
    const shifted = isShifted ? spoken.shiftedOn : spoken.shifted
    text = shifted(text, told[unit] ?? figure.replace('-', ''), unit, figure.startsWith('-'))
    isShifted = true
  }
  const move = textIn(is, 'move')
  return move === undefined ? text : (spoken.moves[move]?.(text) ?? text)
}

/** "5 instead of 3 years before the reference date", where two dates differ in one figure alone; undefined where they differ otherwise. */
export function shiftedText(was: Tree, now: Tree, speaking: Speaking): string | undefined {
  const [before, after] = [was, now].map(date => (isDateUsed(date) ? (date as DateUsed).is : date)) as [Tree, Tree]
  const [shiftWas, shiftNow] = [mapIn(before, 'shift'), mapIn(after, 'shift')]
  if (!shiftWas || !shiftNow) return undefined
  const rest = (date: Tree) => JSON.stringify({ ...(date as Map_), shift: null })
  const units = (['years', 'months', 'days'] as const).filter(unit => shiftWas[unit] !== shiftNow[unit])
  const [unit, ...more] = units
  if (unit === undefined || more.length > 0 || rest(before) !== rest(after)) return undefined
  const [a, b] = [textIn(shiftWas, unit), textIn(shiftNow, unit)]
  if (a === undefined || b === undefined || a.startsWith('-') !== b.startsWith('-') || Number(b) === 0) return undefined
  const instead = diffWords[speaking.language].instead(a.replace('-', ''), b.replace('-', ''))
  return dateText(now, speaking, { [unit]: instead })
}

/** Which records count, an attribute each. */
export function whereTexts(where: Tree | undefined, kind: string | undefined, speaking: Speaking): string[] {
  const { colon } = words[speaking.language]
  return Object.entries(isMap(where) ? where : {}).map(
    ([attribute, wanted]) => speaking.names.attribute(kind ?? '', attribute) + colon + wantedText(wanted, kind, attribute, speaking),
  )
}

/** What an attribute must be: codes, all codes but some, or bounds of an amount. */
export function wantedText(wanted: Tree, kind: string | undefined, attribute: string, { language, names }: Speaking): string {
  const { comma, tests } = words[language]
  const codes = (list: Tree) => [list].flat().map(code => names.code(String(code), { kind, attribute }))
  if (!isMap(wanted)) return codes(wanted).join(comma)
  if (wanted.not !== undefined) return diffWords[language].not(codes(wanted.not).join(comma))
  return boundsText(wanted, tests, comma)
}

function boundsText(bounded: Map_, tests: Words['tests'], comma: string): string {
  return bounds
    .filter(bound => bounded[bound] !== undefined)
    .map(bound => tests[bound]?.(String(bounded[bound])))
    .join(comma)
}

export function conditionText(condition: Tree, speaking: Speaking): string {
  const { language, names, kind } = speaking
  const [spoken, told] = [diffWords[language], words[language]]
  if (!isMap(condition)) return String(condition)
  const { all, any, not, value, date } = condition
  const each = (list: Tree) => (list as Tree[]).map(one => conditionText(one, speaking))
  if (all !== undefined) return spoken.all(each(all))
  if (any !== undefined) return spoken.any(each(any))
  if (not !== undefined) return told.not(conditionText(not, speaking))
  const chosen = mapIn(condition, 'chosen')
  if (chosen) {
    const item = textIn(chosen, 'item') ?? ''
    return told.rowOf(names.part('items', item), names.rowOfItem(item, textIn(chosen, 'row') ?? ''))
  }
  const within = () => {
    const [from, until] = [condition.from, condition.until].map(one => (one === undefined ? undefined : dateText(one, speaking)))
    return told.within(from, until)
  }
  if (date !== undefined) return dateText(date, speaking) + told.colon + within()
  if (value !== undefined) return nodeText(value, speaking) + told.colon + boundsText(condition, told.tests, told.comma)
  const measure = textIn(condition, 'measure') ?? ''
  const asked = textIn(condition, 'is') ?? textIn(condition, 'holds')
  const title = readingTitle(measure, speaking)
  if (asked !== undefined) return title + told.colon + askedText(asked, measure, speaking)
  const isDate = condition.from !== undefined || condition.until !== undefined
  return title + told.colon + (isDate ? within() : boundsText(condition, told.tests, told.comma))

  function askedText(code: string, of: string, { names }: Speaking): string {
    return code === 'yes' ? told.yes : code === 'no' ? told.no : names.code(code, { measure: of, kind })
  }
}

/** The title of a measure or, inside `each`, of an attribute of the record. */
export function readingTitle(name: string, { names, kind }: Speaking): string {
  const title = names.measure(name)
  return title === name && kind !== undefined ? names.attribute(kind, name) : title
}

/** A node in short: enough to know what came or went. */
export function nodeText(node: Tree, speaking: Speaking): string {
  const { language, names } = speaking
  const [spoken, told] = [diffWords[language], words[language]]
  const { kind = '', body = '' } = kindIn(node) ?? {}
  const inner = (part: Tree) => nodeText(part, speaking)
  const list = () => (Array.isArray(body) ? body.map(part => (typeof part === 'string' ? names.part('items', part) : inner(part))) : [])
  const named = (what: string, of: string) => `${what}${told.colon}${of}`
  switch (kind) {
    case 'points':
      return told.gives(String(body))
    case 'rate':
      return named(readingTitle(textIn(body, 'of') ?? '', speaking), rateText(body as Map_, speaking))
    case 'limit':
      return spoken.capped(inner((body as Map_).of as Tree), textIn(body, 'atMost') ?? null, textIn(body, 'atLeast') ?? null)
    case 'round':
      return `${inner((body as Map_).of as Tree)}${told.clause}${told.roundedTo(textIn(body, 'mode') ?? '', textIn(body, 'scale') ?? '')}`
    case 'percent': {
      const percent = textIn(body, 'percent') ?? ''
      return told.percent(/^\d/.test(percent) ? percent : readingTitle(percent, speaking), inner((body as Map_).of as Tree))
    }
    case 'deduct':
      return named(told.takenAway, inner(body))
    case 'sum':
    case 'items':
      return list().join(told.plus)
    case 'highest':
    case 'lowest':
      return named(spoken.kinds[kind] as string, list().join(told.semicolon))
    case 'total':
      return names.part('totals', String(body))
    case 'each':
      return named(names.kind(textIn(body, 'of') ?? ''), nodeText((body as Map_).give as Tree, { ...speaking, kind: textIn(body, 'of') }))
    case 'decide': {
      const rows = ((body as Map_).rows as Tree[]).map(row => {
        const { if: condition, then } = row as { if: Tree; then: Tree }
        return `${conditionText(condition, speaking)}${told.colon}${inner(then)}`
      })
      return [...rows, `${spoken.otherwise}${told.colon}${inner((body as Map_).otherwise as Tree)}`].join(told.semicolon)
    }
    case 'bands': {
      const rows = ((body as Map_).rows as Tree[]).map(
        row => `${spoken.band(textIn(row, 'from') ?? null, textIn(row, 'below') ?? null)}${told.colon}${inner((row as Map_).then as Tree)}`,
      )
      return named(readingTitle(textIn(body, 'of') ?? '', speaking), rows.join(told.semicolon))
    }
    case 'choice': {
      const rows = ((body as Map_).rows as Tree[]).map(row => rowText(row, textIn(body, 'of'), speaking))
      return rows.join(told.semicolon)
    }
    default:
      return spoken.kinds[kind] ?? kind
  }
}

/** A row of a choice with its points. */
export function rowText(row: Tree, measure: string | undefined, { language, names }: Speaking): string {
  return `${names.row(row, measure)}${words[language].colon}${words[language].gives(textIn(row, 'points') ?? '')}`
}

function rateText(rate: Map_, { language, names, kind }: Speaking): string {
  const field = (name: string) => textIn(rate, name) ?? null
  const per = field('per') === '1' ? null : field('per')
  const unit = names.unit(field('of') ?? '', per === null, kind)
  return words[language].rate(field('points') ?? '', per, unit, per === null ? 'exact' : (field('count') ?? ''), {
    after: field('after'),
    upTo: field('upTo'),
  })
}
