import type { Json } from '../values/canonical-json.ts'
import { type DayNumber, parseDate } from '../values/civil-date.ts'
import { digestOf } from '../values/digest.ts'
import { readDocument } from '../values/document.ts'
import { type Fault, Refusal } from '../values/refusal.ts'
import { shapeCheck } from '../values/shape.ts'
import type { OrderKey } from './order-keys.ts'
import type { LineRule } from './quota-line.ts'
import { RulesSchema, type RulesSource } from './rules-schema.ts'

/** The rules of one round as read from its document (docs/ranking.md, Round rules). */
export type RoundRules = {
  /** The name of the document, e.g. `beijing/2020`. */
  name: string
  scheme: { scheme: string; version: string }
  /** The reference date of the round, where the document names one. */
  asOf: DayNumber | null
  /** The total of the scheme that is ranked. */
  total: string
  /** The least total that may be ranked, as decimal text (see gateInUnits), or null without such a gate. */
  gateAtLeast: string | null
  order: OrderKey[]
  /** The quota: how many applicants may be admitted. */
  places: number
  line: LineRule
  /** The whole document with decision, capacity basis and sources; every scalar is text. */
  document: RulesSource
}

const check = shapeCheck(RulesSchema)

/**
 * Reads round rules from their YAML text.
 * @throws Refusal `unreadable-document` for broken YAML, else `invalid-rules` with every fault: JSON pointer, and line and column in the message
 */
export function readRules(text: string): RoundRules {
  const { tree, placeOf } = readDocument(text)
  const refuse = (faults: Fault[]) => {
    if (faults.length === 0) return
    const placed = faults.map(fault => {
      const { line, column } = placeOf(fault.pointer)
      return { ...fault, message: `line ${line}, column ${column}: ${fault.message}` }
    })
    throw new Refusal('invalid-rules', placed)
  }
  refuse(check(tree))
  const document = tree as RulesSource
  refuse([...sourceFaults(document), ...orderFaults(document), ...lineFaults(document), ...dateFaults(document)])

  return {
    name: document.rules,
    scheme: document.scheme,
    asOf: document.asOf === undefined ? null : (parseDate(document.asOf) as DayNumber),
    total: document.total,
    gateAtLeast: document.gate?.atLeast ?? null,
    order: document.order.map(({ key, of, direction }) => (key === 'total' ? { key, direction } : { key, of: of as string, direction })),
    places: Number(document.quota.places),
    line: (document.line as NonNullable<typeof document.line>).rule,
    document,
  }
}

/** The digest by which a round is bound to its rules: SHA-256 of the document's canonical JSON, so layout and comments do not count. */
export function rulesDigest(rules: RoundRules): string {
  return digestOf(rules.document as unknown as Json)
}

function sourceFaults({ sources, gate, order, quota, line }: RulesSource): Fault[] {
  const origins = [
    { pointer: '/gate', source: gate?.source },
    ...order.map((key, i) => ({ pointer: `/order/${i}`, source: key.source })),
    { pointer: '/quota', source: quota.source },
    { pointer: '/line', source: line?.source },
  ]
  return origins
    .filter(({ source }) => source !== undefined && !Object.hasOwn(sources, source.ref))
    .map(({ pointer, source }) => ({
      code: 'unknown-name',
      pointer: `${pointer}/source/ref`,
      message: `source "${source?.ref}" is not declared under /sources`,
    }))
}

function orderFaults({ order }: RulesSource): Fault[] {
  const faults: Fault[] = []
  const seen = new Set<string>()
  for (const [i, { key, of }] of order.entries()) {
    const pointer = `/order/${i}`
    if (key === 'total' && of !== undefined) {
      faults.push({
        code: 'unknown-field',
        pointer: `${pointer}/of`,
        message: 'the key total takes no "of": /total says which total it is',
      })
    }
    if (key !== 'total' && of === undefined) {
      faults.push({
        code: 'missing-field',
        pointer,
        message: `"of" is missing: name the ${key === 'item' ? 'item' : 'measure'} to order by`,
      })
    }
    // Such a key can never break a tie, so it is a slip.
    const what = `${key} ${of ?? ''}`
    if (seen.has(what)) faults.push({ code: 'order-key-twice', pointer, message: 'an earlier key orders by the same value; remove one' })
    seen.add(what)
  }
  return faults
}

/** Whatever the keys are, two applicants may be equal in all of them, and then the last place is nobody's. */
function lineFaults({ line }: RulesSource): Fault[] {
  if (line) return []
  const message =
    'the order can end undecided: say under "line" what holds for those who are equal at the quota: {rule: admit-all}, {rule: admit-none} or {rule: lot}'
  return [{ code: 'undecided-order', pointer: '/order', message }]
}

function dateFaults({ asOf }: RulesSource): Fault[] {
  if (asOf === undefined || parseDate(asOf) !== undefined) return []
  return [{ code: 'impossible-date', pointer: '/asOf', message: 'there is no such day; write a date as YYYY-MM-DD' }]
}
