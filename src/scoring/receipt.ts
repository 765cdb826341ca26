import { createHash } from 'node:crypto'
import { canonicalJson, type Json } from '../values/canonical-json.ts'
import { formatDate, parseDate } from '../values/civil-date.ts'
import { at, Refusal } from '../values/refusal.ts'
import { engine } from './engine.ts'
import { readFacts } from './evidence/read-facts.ts'
import type { Scheme } from './scheme/scheme.ts'
import { type Eligible, type Score, scorer, scoreTexts } from './score.ts'

/**
 * What was decided by which rules on which facts, without the facts themselves. Whoever has the facts can have it replayed. `facts.digest` is
 * SHA-256(salt ‖ canonical facts). The salt lies beside it, so whoever has the receipt can test guesses of the facts: a receipt is as confidential as they
 * are. The salt keeps the digests of two receipts apart and makes tables of digests that were made beforehand useless, no more.
 */
export type Receipt = {
  receipt: 1
  scheme: { scheme: string; version: string; digest: string }
  engine: string
  facts: { salt: string; digest: string }
  asOf: string
  eligibleFor: { [total: string]: Eligible }
  items: { [item: string]: string | null }
  totals: { [total: string]: string | null }
}

/** `salt` is 32 hexadecimal digits of randomness. */
export function receiptOf(scheme: Scheme, asOf: number, facts: Json, score: Score, salt: string): Receipt {
  const { eligibleFor, items, totals } = scoreTexts(scheme, score)
  return {
    receipt: 1,
    scheme: { scheme: scheme.scheme, version: scheme.version, digest: scheme.digest },
    engine,
    facts: { salt, digest: factsDigest(salt, facts) },
    asOf: formatDate(asOf),
    eligibleFor,
    items,
    totals,
  }
}

function factsDigest(salt: string, facts: Json): string {
  return `sha256:${createHash('sha256').update(salt, 'hex').update(canonicalJson(facts), 'utf8').digest('hex')}`
}

/** Whether a receipt comes out again, or the first place where it does not. `engine` tells by which version it was made and is replayed. */
export type Replay = { equal: boolean; difference: Difference | null; engine: { receipt: string; now: string } }
export type Difference = { pointer: string; receipt: string | null; now: string | null }

/**
 * Scores the facts of a receipt again.
 * @throws Refusal `invalid-receipt` for a date that does not exist, `invalid-facts`, `out-of-range`
 */
export function replay(scheme: Scheme, receipt: Receipt, facts: Json): Replay {
  const asOf = parseDate(receipt.asOf)
  if (asOf === undefined)
    throw new Refusal('invalid-receipt', [
      { code: 'impossible-date', pointer: '/receipt/asOf', message: 'there is no such day; write YYYY-MM-DD' },
    ])
  const score = scorer(scheme, asOf).score(readFacts(scheme.vocabulary, facts, '/facts'))
  const now = receiptOf(scheme, asOf, facts, score, receipt.facts.salt)
  const difference = firstDifference(receipt, now)
  return { equal: difference === null, difference, engine: { receipt: receipt.engine, now: engine } }
}

function firstDifference(receipt: Receipt, now: Receipt): Difference | null {
  const pairs: [pointer: string, receipt: string | null | undefined, now: string | null | undefined][] = [
    ['/scheme/scheme', receipt.scheme.scheme, now.scheme.scheme],
    ['/scheme/version', receipt.scheme.version, now.scheme.version],
    ['/scheme/digest', receipt.scheme.digest, now.scheme.digest],
    ['/facts/digest', receipt.facts.digest, now.facts.digest],
  ]
  for (const part of ['items', 'totals', 'eligibleFor'] as const)
    for (const name of new Set([...Object.keys(now[part]), ...Object.keys(receipt[part])]))
      pairs.push([at(`/${part}`, name), ownValue(receipt[part], name), ownValue(now[part], name)])
  const found = pairs.find(([, a, b]) => a !== b)
  return found ? { pointer: found[0], receipt: found[1] ?? null, now: found[2] ?? null } : null
}

function ownValue(map: { [name: string]: string | null }, name: string): string | null | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined
}
