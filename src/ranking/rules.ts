import type { Json } from '../values/canonical-json.ts'
import { type DayNumber, parseDate } from '../values/civil-date.ts'
import { digestOf } from '../values/digest.ts'
import { readDocument } from '../values/document.ts'
import { type Fault, Refusal } from '../values/refusal.ts'
import { shapeCheck } from '../values/shape.ts'
import type { LineRule, RoomRule, StraddleRule } from './filling.ts'
import type { OrderKey } from './order-keys.ts'
import { rulesFaults, storedRulesFaults } from './rules-faults.ts'
import { RulesSchema, type RulesSource } from './rules-schema.ts'

export type { LineRule, StraddleRule } from './filling.ts'

/** What a place is for: an application, a household, or each person who settles. */
export type Unit = 'applicants' | 'households' | 'persons'

/** One list that is ranked and filled by itself. */
export type Pool = {
  /** Its name, '' for the only one of a round without pools. */
  pool: string
  /** How many places it has, with those carried over. */
  places: number
  /** How many places it has of its own, without those carried over. */
  own: number
  /** The fact that an application of this pool must have, where the scheme knows it. */
  where: { measure: string; is: string } | null
}

/** What fills the places that the first round left: how far a pool may go over its places, and who is placed where that limit falls among equals. */
export type SecondRound = { percent: string; rounding: 'down' | 'up'; atRoom: RoomRule }

/** How long somebody has to settle, in days or months. */
export type Term = { days: number } | { months: number }

/** Until when a household has to settle: a day for all (with a term for those called up later), or a term for each. */
export type Settlement = { until: DayNumber; calledUp: Term | null } | { within: Term }

/** The rules of one round as read from its document (docs/ranking.md, Round rules). */
export type RoundRules = {
  /** The name of the document, e.g. `beijing/2020`. */
  name: string
  scheme: { scheme: string; version: string }
  /** The reference date of the round, where the document names one. */
  asOf: DayNumber | null
  /** The total of the scheme that is ranked, or compared with the score line. */
  total: string
  /** The least total that may be ranked, or the score line, as decimal text (see gateInUnits); null without such a gate. */
  gateAtLeast: string | null
  decides: 'ranking' | 'score-line'
  /** Empty where a score line decides. */
  order: OrderKey[]
  /** `applicants` where a score line decides. */
  unit: Unit
  /** Whether each application names a pool. */
  hasPools: boolean
  /** One without a name where the round has no pools; empty where a score line decides. */
  pools: readonly Pool[]
  secondRound: SecondRound | null
  /** Null where a score line decides. */
  line: LineRule | null
  /** Whether lots are drawn, so that a secret is committed and a public draw entered. */
  draws: boolean
  straddle: StraddleRule | null
  /** How many stand on the reserve list of each pool; null without one. */
  reserve: number | null
  /** Whose days are meant, as "+08:00"; null where no rule speaks of days. */
  zone: string | null
  settlement: Settlement | null
  /** The whole document with decision, capacity basis and sources; every scalar is text. */
  document: RulesSource
}

const check = shapeCheck(RulesSchema)

/**
 * Reads round rules from their YAML text.
 * @throws Refusal `unreadable-document` for broken YAML, else `invalid-rules` with every fault: JSON pointer, and line and column in the message
 */
export function readRules(text: string): RoundRules {
  return read(text, rulesFaults)
}

/**
 * Reads the rules that a round is bound to. These may draw lots by a secret alone, which `lacksDraw` tells; such a round is only looked at.
 * @throws Refusal as `readRules`
 */
export function readStoredRules(text: string): RoundRules {
  return read(text, storedRulesFaults)
}

/** Whether rules that draw lots name a public draw that decides them. Rules of before there were draws do not. */
export function lacksDraw({ draws, document }: Pick<RoundRules, 'draws' | 'document'>): boolean {
  return draws && document.line?.draw === undefined
}

function read(text: string, faultsOf: (document: RulesSource) => Fault[]): RoundRules {
  const { tree, placeOf } = readDocument(text, 'rules: <place>/<year>')
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
  refuse(faultsOf(document))

  const { scoreLine, quota, line } = document
  return {
    name: document.rules,
    scheme: document.scheme,
    asOf: document.asOf === undefined ? null : (parseDate(document.asOf) as DayNumber),
    total: document.total,
    gateAtLeast: (scoreLine ?? document.gate)?.atLeast ?? null,
    decides: scoreLine ? 'score-line' : 'ranking',
    order: (document.order ?? []).map(orderKey),
    unit: quota?.unit ?? 'applicants',
    hasPools: quota?.pools !== undefined,
    pools: quota === undefined ? [] : poolsOf(quota),
    secondRound: quota?.secondRound ? { ...quota.secondRound.overAtMost, atRoom: quota.secondRound.atRoom } : null,
    line: line?.rule ?? null,
    draws: line?.rule === 'lot',
    straddle: document.straddle?.rule ?? null,
    reserve: document.reserve === undefined ? null : Number(document.reserve.places),
    zone: document.zone ?? null,
    settlement: document.settlement === undefined ? null : settlementOf(document.settlement),
    document,
  }
}

/** The digest by which a round is bound to its rules: SHA-256 of the document's canonical JSON, so layout and comments do not count. */
export function rulesDigest(rules: RoundRules): string {
  return digestOf(rules.document as unknown as Json)
}

function orderKey({ key, of, to, direction }: NonNullable<RulesSource['order']>[number]): OrderKey {
  if (key === 'total') return { key, direction }
  if (key === 'submission') return { key, to: to as 'day' | 'moment', direction }
  return { key, of: of as string, direction }
}

function poolsOf({ places, carriedOver, pools }: NonNullable<RulesSource['quota']>): Pool[] {
  const listed: Pick<NonNullable<typeof pools>[number], 'pool' | 'places' | 'carriedOver' | 'where'>[] = pools ?? [
    { pool: '', places: places as string, ...(carriedOver && { carriedOver }) },
  ]
  return listed.map(({ pool, places, carriedOver = [], where }) => {
    const own = Number(places)
    return { pool, places: carriedOver.reduce((sum, carried) => sum + Number(carried.places), own), own, where: where ?? null }
  })
}

type TermSource = { days?: string; months?: string }

function settlementOf({ until, calledUp, within }: NonNullable<RulesSource['settlement']>): Settlement {
  if (until === undefined) return { within: termOf(within as TermSource) }
  return { until: parseDate(until) as DayNumber, calledUp: calledUp ? termOf(calledUp.within) : null }
}

function termOf({ days, months }: TermSource): Term {
  return days === undefined ? { months: Number(months) } : { days: Number(days) }
}
