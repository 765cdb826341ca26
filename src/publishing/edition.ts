import type { Json } from '../values/canonical-json.ts'
import { digestOf } from '../values/digest.ts'

/** The list before objections (公示), or the list that holds. */
export type EditionKind = 'notice' | 'final'

export type EditionEntry = { rank: number; publicNumber: string; name: string; total: string }

/** A text in both languages that citizens read. */
type Localized = { 'zh-CN': string; en: string }

/** What a published list says, apart from its digest. All points are decimal texts. */
export type Edition = {
  /** Version of this shape. */
  format: 1
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
  order: { key: string; direction: 'desc' | 'asc' }[]
  quota: { places: number; unit: string; decision: { number: string; body: Localized }; capacityBasis: Localized }
  line: { rule: 'admit-all' | 'admit-none' | 'lot'; lotSeed: string | null; lotSeedDigest: string | null }
  counts: { applicants: number; eligible: number; admitted: number; atLine: number }
  /** The chain of the last admitted in the order of the keys; null if nobody is admitted. */
  cutOff: string[] | null
  entries: EditionEntry[]
}

/** An edition with its digest, as it is stored, handed out and checked offline. */
export type SealedEdition = Edition & { digest: string }

/** Seals an edition: the digest is SHA-256 of its canonical JSON without the digest itself. */
export function sealEdition(edition: Edition): SealedEdition {
  return { ...edition, digest: digestOf(edition as unknown as Json) }
}

/** Digest of the list alone: who was admitted at which rank with how many points, whatever the day it was sealed. */
export function listDigest(edition: Edition): string {
  return digestOf({ entries: edition.entries, cutOff: edition.cutOff } as unknown as Json)
}
