import { type Edition, type EditionEntry, type EditionKind, listDigest, type SealedEdition, sealEdition } from '../publishing/edition.ts'
import { maskName } from '../publishing/mask-name.ts'
import { verifyEdition } from '../publishing/verify-edition.ts'
import { formatKeyValue } from '../ranking/order-keys.ts'
import {
  getEdition,
  insertEdition,
  listEditionEntries,
  listEditions,
  type Edition as StoredEdition,
  type EditionEntry as StoredEntry,
} from '../store/editions.ts'
import { admittedOfRun } from '../store/entries.ts'
import { decryptName } from '../store/persons.ts'
import { snapshotOf } from '../store/reader.ts'
import { lockRound, type StoredRound, stepRound } from '../store/rounds.ts'
import { failRun, getRun, type Run, setOnRun } from '../store/runs.ts'
import { inTransaction } from '../store/transaction.ts'
import { canonicalJson, type Json } from '../values/canonical-json.ts'
import { formatDecimal } from '../values/decimal.ts'
import { digestOf, digestOfText } from '../values/digest.ts'
import { Refusal } from '../values/refusal.ts'
import type { Report } from '../verifying/findings.ts'
import type { Actor, Office } from './office.ts'
import type { Progress } from './progress.ts'
import { judgeOf } from './rounds.ts'
import type { Judge } from './standing.ts'
import { verifyRun } from './verify.ts'

/** From which state each kind of edition is published. */
const published = { notice: 'ranked', final: 'notice' } as const

/** A run that was verified once and does not hold now: somebody altered the database. */
class RunDoesNotHold extends Refusal {
  readonly run: Run
  readonly report: Report

  constructor(run: Run, report: Report) {
    super(
      'run-does-not-hold',
      report.findings.map(({ code, application, message }) => ({
        code,
        pointer: '',
        message: application ? `${code}, application ${application}: ${message}` : `${code}: ${message}`,
      })),
    )
    this.run = run
    this.report = report
  }
}

/**
 * Publishes the verified run of a round: first the notice (公示), then the final list. The run is verified once more, and what is sealed is read from
 * the very state that was verified; what does not hold is never sealed and is marked as failed.
 * @throws Refusal `round-state`; `round-busy`; `round-altered`; `run-does-not-hold` with what was found; `list-changed`
 */
export async function publish(
  office: Office,
  actor: Actor,
  round: string,
  { kind, reason, progress }: { kind: EditionKind; reason: string; progress: Progress },
): Promise<{ edition: SealedEdition; listDigest: string }> {
  try {
    return await inTransaction(
      office.pool,
      async ({ db }) => {
        const stored = await lockRound(db, actor.authority, round)
        if (stored.state !== published[kind])
          throw new Refusal(
            'round-state',
            `Round ${round} is ${stored.state}: a ${kind} edition is published when it is ${published[kind]}.`,
          )
        const key = { authority: actor.authority, round, run: stored.verified_run as number }
        const run = await getRun(db, key)
        // A run that failed here before is checked again: what was altered may have been put back.
        if (run?.state !== 'verified' && run?.state !== 'failed')
          throw new Refusal('run-does-not-hold', `Round ${round} has no verified run; run it again.`)
        const judge = await judgeOf(office, stored)
        const report = await verifyRun(office, stored, run, judge, progress, await snapshotOf(db))
        if (!report.holds) throw new RunDoesNotHold(run, report)
        if (run.state === 'failed') await setOnRun(db, key, { state: 'verified', findings: report })

        const before = (await listEditions(db, actor.authority, round)).at(-1)
        const entries = (await admittedOfRun(db, key)).map(
          (entry): EditionEntry => ({
            rank: entry.rank,
            publicNumber: entry.public_number,
            name: maskName(decryptName(office.keys, actor.authority, entry.person, entry.name_encrypted)),
            total: formatDecimal(entry.total as number, totalScale(judge)),
          }),
        )
        const edition = sealEdition({
          ...headOf(stored, run, judge),
          kind,
          edition: (before?.edition ?? 0) + 1,
          supersedes: before?.digest ?? null,
          reason,
          sealedAt: office.now(),
          sealedBy: actor.client,
          entries,
        })
        const document = canonicalJson(edition as unknown as Json)
        checkBeforeSealing(document, edition, before && (await getEdition(db, actor.authority, round, before.edition)))
        await insertEdition(
          db,
          {
            authority: actor.authority,
            round,
            edition: edition.edition,
            kind,
            run: run.run,
            document,
            digest: edition.digest,
            supersedes: edition.supersedes,
            reason,
            sealed_by: actor.client,
            sealed_at: edition.sealedAt,
          },
          entries.map(entry => ({ rank: entry.rank, public_number: entry.publicNumber, name_masked: entry.name, total: entry.total })),
        )
        await stepRound(db, {
          authority: actor.authority,
          round,
          from: stored.state,
          to: kind,
          takenBy: actor.client,
          takenAt: office.now(),
        })
        return { edition, listDigest: listDigest(edition) }
      },
      { oneState: true },
    )
  } catch (error) {
    // The sealing transaction is undone; the failure itself must stay on record.
    if (error instanceof RunDoesNotHold)
      await failRun(office.db, { authority: actor.authority, round, run: error.run.run }, { report: error.report, at: office.now() })
    throw error
  }
}

/** What a citizen would check in the published file, and that the final list is the list of the notice: nothing may change in between. */
function checkBeforeSealing(document: string, edition: SealedEdition, before: StoredEdition | undefined): void {
  const [fault] = verifyEdition(document).faults
  if (fault) throw new Error(`the edition does not hold: ${fault.pointer} ${fault.message}`)
  if (before && listDigest(JSON.parse(before.document)) !== listDigest(edition))
    throw new Refusal(
      'list-changed',
      `The list is not that of edition ${before.edition}; what was published does not change. Restore the database from its backup.`,
    )
}

function headOf(
  round: StoredRound,
  run: Run,
  judge: Judge,
): Omit<Edition, 'kind' | 'edition' | 'supersedes' | 'reason' | 'sealedAt' | 'sealedBy' | 'entries'> {
  const { scheme, rules } = judge
  const { places, unit, decision, capacityBasis } = rules.document.quota
  return {
    format: 1,
    authority: round.authority,
    round: round.round,
    asOf: round.as_of,
    scheme: { scheme: scheme.scheme, version: scheme.version, digest: scheme.digest },
    rules: { rules: rules.name, digest: round.rules_digest },
    inputs: run.inputs_digest,
    order: rules.order.map(key => ({ key: key.key === 'total' ? 'total' : `${key.key}:${key.of}`, direction: key.direction })),
    quota: { places: Number(places), unit, decision, capacityBasis },
    line: { rule: rules.line, lotSeed: run.lot_seed, lotSeedDigest: round.lot_seed_digest },
    counts: {
      applicants: run.applicants,
      eligible: run.eligible as number,
      admitted: run.admitted as number,
      atLine: run.at_line as number,
    },
    cutOff: chainTexts(run.cut_off, judge),
  }
}

/** A chain as people read it, in the order of the keys; null if there is none. */
export function chainTexts(chain: readonly number[] | null, judge: Judge): string[] | null {
  return chain?.map((value, i) => formatKeyValue(value, judge.units[i] as (typeof judge.units)[number])) ?? null
}

export function totalScale(judge: Judge): number {
  return judge.scheme.totals[judge.total]?.scale as number
}

/** The editions of a round without their documents, oldest first. What is listed here is public. */
export async function editionsOf(office: Office, authority: string, round: string): Promise<Omit<StoredEdition, 'document'>[]> {
  return listEditions(office.db, authority, round)
}

/**
 * A sealed edition with its document.
 * @throws Refusal `unknown-edition`; `round-altered` when the document is not the one that was sealed
 */
export async function editionOf(office: Office, authority: string, round: string, edition: number): Promise<StoredEdition> {
  const found = await getEdition(office.db, authority, round, edition)
  if (!found) throw new Refusal('unknown-edition', `Round ${round} has no edition ${edition}.`)
  if (!isAsSealed(found))
    throw new Refusal('round-altered', `Edition ${edition} of round ${round} is not what was sealed; restore it from the backup.`)
  return found
}

/**
 * Editions that were found to have their digest, by the bytes they had. Reading and writing out 6000 entries anew takes 17 ms and hashing their text
 * 0.8 ms (2026-11-24), so the first is done once in a process. There are as many as published lists.
 */
const foundSealed = new Set<string>()

function isAsSealed({ authority, round, edition, digest, document }: StoredEdition): boolean {
  const key = `${authority}/${round}/${edition} ${digest} ${digestOfText(document)}`
  if (foundSealed.has(key)) return true
  const { digest: own, ...content } = readSealed(document)
  const isSound =
    content.authority === authority &&
    content.round === round &&
    content.edition === edition &&
    own === digest &&
    digestOf(content as Json) === digest
  if (isSound) foundSealed.add(key)
  return isSound
}

function readSealed(document: string): { [field: string]: unknown } {
  try {
    return Object(JSON.parse(document))
  } catch {
    return {}
  }
}

/** A page of a published list, behind a position. */
export async function editionEntries(
  office: Office,
  page: { authority: string; round: string; edition: number; after?: number | undefined; limit: number },
): Promise<StoredEntry[]> {
  return listEditionEntries(office.db, page)
}
