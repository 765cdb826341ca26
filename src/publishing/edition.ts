import type { Json } from '../values/canonical-json.ts'
import { digestOf } from '../values/digest.ts'
import type { FirstFormat } from './first-format.ts'

/** The list before objections (公示), the list that holds, and what changes it afterwards. */
export type EditionKind = 'notice' | 'final' | 'correction' | 'call-up'

/** How somebody came onto the list otherwise than in the first round. */
export type Through = 'second-round' | 'correction' | 'call-up'

/** Somebody on the list. `rank` is null where a score line decides; `pool` stands in a round with pools. */
export type EditionEntry = { rank: number | null; publicNumber: string; name: string; total: string; pool?: string; through?: Through }

/** A place on the reserve list. No name: who is on it is not admitted. */
export type ReserveEntry = { number: number; publicNumber: string }

/** A text in both languages that citizens read. */
type Localized = { 'zh-CN': string; en: string }
type CarriedOver = { places: number; from: string }[]

/** The figures of a pool, of heads of households where places are theirs. `places` are with those carried over. */
export type EditionPool = {
  pool: string
  name: Localized
  places: number
  carriedOver?: CarriedOver
  eligible: number
  admitted: number
  admittedSecond: number
  unused: number
  cutOff: string[] | null
  atLine: number
  reserve?: ReserveEntry[]
}

/** What was changed since the run by one edition: who came onto the list, who left it, of whom rank or total changed. All editions carry all of them. */
export type Amendment = {
  edition: number
  kind: 'correction' | 'call-up'
  added: string[]
  removed: string[]
  changed: string[]
  /** Of a correction: the number of the decision and its ground. Why in particular is told to the applicant alone. */
  decision?: string
  ground?: Ground
}
export type Ground = 'evidence' | 'eligibility' | 'identity'

/** Everything by which anybody can recompute the lots: null and empty before a draw was needed. */
export type EditionLine = {
  rule: 'admit-all' | 'admit-none' | 'lot'
  /** The committed secret in hexadecimal, and its commitment; only under `lot`. */
  secret?: string
  secretDigest?: string
  /** Every draw that was entered, oldest first; the last one counts. */
  draws?: { name: string; heldOn: string; numbers: string }[]
  /** Of every head that carries a lot, in the byte order of public numbers: its lot in hexadecimal and whether it was placed. */
  lots?: { publicNumber: string; lot: string; placed: boolean }[]
}

/** What a published list says, apart from its digest. All points are decimal texts. */
export type Edition = {
  /** Version of this shape; `FirstFormat` is the one before. */
  format: 2
  kind: EditionKind
  authority: string
  round: string
  edition: number
  /** Digest of the edition before, and why there is a new one. */
  supersedes: string | null
  reason: string
  sealedAt: string
  sealedBy: string
  asOf: string
  scheme: { scheme: string; version: string; digest: string }
  rules: { rules: string; digest: string }
  /** Digest over all frozen inputs that were scored. Each input has a random salt, so it tells nothing of anybody. */
  inputs: string
  run: number
  /** Figures of the run, over all its pools that hold. `admitted` are heads of households where places are theirs. */
  counts: { applicants: number; eligible: number; admitted: number; atLine: number }
  amendments?: Amendment[]
  /** Where a score line decides: the least total. Nothing of what follows stands beside it but `entries`. */
  scoreLine?: string
  order?: { key: string; direction: 'desc' | 'asc' }[]
  quota?: {
    places?: number
    carriedOver?: CarriedOver
    unit: string
    decision: { number: string; body: Localized }
    capacityBasis: Localized
  }
  line?: EditionLine
  straddle?: 'all-in' | 'none' | 'next-smaller'
  /** In a round without pools: the chain of the worst admitted in the order of the keys, null if nobody is; and its reserve list. */
  cutOff?: string[] | null
  reserve?: ReserveEntry[]
  pools?: EditionPool[]
  /** Pools that are missing from this edition since they do not hold, with the codes of docs/ranking.md. */
  setAside?: { pool: string; name: Localized; reason: string[] }[]
  secondRound?: {
    percent: string
    rounding: 'down' | 'up'
    atRoom: 'admit-none' | 'admit-all'
    places: number
    cutOff: string[] | null
    atLine: number
  }
  /** In the order of pools, then of ranks, then of public numbers by their bytes. */
  entries: EditionEntry[]
}

/** An edition with its digest, as it is stored, handed out and checked offline. */
export type SealedEdition = Edition & { digest: string }

/** Seals an edition: the digest is SHA-256 of its canonical JSON without the digest itself. */
export function sealEdition(edition: Edition): SealedEdition {
  return { ...edition, digest: digestOf(edition as unknown as Json) }
}

/**
 * Digest of the list alone: who was admitted at which rank with how many points, whatever the day it was sealed. Without pools it covers entries and cut-off,
 * with pools entries, and the cut-off of each pool.
 */
export function listDigest(edition: Pick<Edition | FirstFormat, 'entries'> & { cutOff?: string[] | null; pools?: EditionPool[] }): string {
  const { entries, cutOff, pools } = edition
  const cutOffs = pools ? { cutOffs: pools.map(one => ({ pool: one.pool, cutOff: one.cutOff })) } : { cutOff: cutOff ?? null }
  return digestOf({ entries, ...cutOffs } as unknown as Json)
}
