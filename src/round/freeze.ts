import { countApplications, householdsInTwoPools } from '../store/applications.ts'
import { type ApplicantRows, applicantsOfRound } from '../store/evidence.ts'
import { frozenInputWriter, inputDigestsOfRound } from '../store/frozen-inputs.ts'
import { countAlsoElsewhere } from '../store/persons.ts'
import { withReader } from '../store/reader.ts'
import { lockRound, setOnRound, stepRound } from '../store/rounds.ts'
import { analyze } from '../store/statistics.ts'
import { inTransaction } from '../store/transaction.ts'
import { at, type Fault, Refusal } from '../values/refusal.ts'
import { notCancelled } from './cancel.ts'
import { claimText } from './claim.ts'
import { factsDocument, inputDigest, inputsDigester } from './facts-document.ts'
import { needsDraw } from './lottery.ts'
import type { Actor, Office } from './office.ts'
import type { Progress } from './progress.ts'
import { judgeOf } from './rounds.ts'
import type { Judge } from './standing.ts'

/** What a freeze found: declared records that were left out, and applicants whom another authority of the installation knows too. */
export type Frozen = { applications: number; pending: number; alsoElsewhere: number }

// So many faulty applications are told; a register that sends nonsense sends it for everybody.
const mostFaults = 100

/**
 * Freezes the inputs of a closed round: for each application one canonical document of verified facts and its claim, with a salt of its own and a digest.
 * Evidence that is recorded later no longer counts. Every document is read and scored once, so that evidence which nobody can score is told now, while
 * it can still be corrected. One transaction: killed or cancelled in the middle, nothing has happened.
 * @throws Refusal `round-state` when the round is not closed; `round-busy`; `run-cancelled`; `lot-without-draw`; `unusable-evidence` and `household-in-two-pools` with pointers that
 * begin with the public number
 */
export async function freezeRound(
  office: Office,
  { authority, client: takenBy }: Actor,
  round: string,
  progress: Progress,
  signal?: AbortSignal,
): Promise<Frozen> {
  await analyze(office.db, 'applications', 'evidence')
  return inTransaction(office.pool, async ({ db, client }) => {
    const stored = await lockRound(db, authority, round)
    if (stored.state !== 'closed') throw new Refusal('round-state', `Round ${round} is ${stored.state}: only a closed round can be frozen.`)
    const judge = await judgeOf(office, stored)
    needsDraw(stored, judge.rules)
    const divided = await householdsInTwoPools(db, authority, round)
    if (divided.length > 0) throw new Refusal('household-in-two-pools', divided.map(inTwoPools))
    const total = await countApplications(db, authority, round)
    const writer = frozenInputWriter(client, authority, round)
    const faults: Fault[] = []
    let done = 0
    let pending = 0
    try {
      await withReader(office.readers, async reader => {
        for await (const applicant of applicantsOfRound(reader, authority, round)) {
          const facts = factsDocument(applicant.current.map(statementOf), judge.scheme.vocabulary)
          const claim = claimText({ ...applicant, submittedAt: new Date(applicant.submittedAt).toISOString() })
          if (faults.length < mostFaults) faults.push(...unusable(judge, applicant.publicNumber, facts.document, claim))
          const salt = office.randomBytes(32)
          const digest = inputDigest(salt, applicant.personIndex, facts.document, claim)
          pending += facts.pending
          done++
          const behind = writer.write({ application: applicant.application, document: facts.document, claim, salt, digest })
          if (behind) {
            await behind
            notCancelled(signal)
          }
          if (done % 500 === 0) progress({ stage: 'freeze', done, total })
        }
      })
      if (faults.length > 0) throw new Refusal('unusable-evidence', faults.slice(0, mostFaults))
    } catch (error) {
      await writer.destroy(error as Error)
      throw error
    }
    await writer.end()
    // Nobody can apply while the round is locked, so these differ only if the join above lost somebody.
    if (done !== total) throw new Error(`${done} inputs were frozen for ${total} applications`)
    const inputs = inputsDigester()
    for await (const digests of inputDigestsOfRound(client, authority, round)) for (const digest of digests) inputs.add(digest)
    const alsoElsewhere = await countAlsoElsewhere(db, authority, round)
    await setOnRound(db, authority, round, { inputs_digest: inputs.digest(), pending_records: pending, also_elsewhere: alsoElsewhere })
    notCancelled(signal)
    await stepRound(db, { authority, round, from: 'closed', to: 'frozen', takenBy, takenAt: office.now() })
    progress({ stage: 'freeze', done, total })
    return { applications: done, pending, alsoElsewhere }
  })
}

function statementOf({ kind, source, state, record }: ApplicantRows['current'][number]) {
  return { kind, source, state, record: record === null ? null : JSON.parse(record) }
}

/**
 * Why a document cannot be scored: single statements were checked as they came, but together they may contradict each other or be too much. Or the
 * applicant stands in a pool that the facts exclude.
 */
function unusable(judge: Judge, publicNumber: string, document: string, claim: string): Fault[] {
  const here = at('', publicNumber)
  try {
    const score = judge.score(document)
    judge.standing(score, claim)
    const where = judge.misplaced(score, claim)
    if (where === undefined) return []
    const message = `The pool of this application is for those whose ${where.measure} is ${where.is}, and it is known to be something else. Correct the evidence.`
    return [{ code: 'wrong-pool', pointer: at(here, 'pool'), message }]
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return error.faults.map(fault => ({ ...fault, pointer: here + fault.pointer }))
  }
}

function inTwoPools(publicNumber: string): Fault {
  return {
    code: 'household-in-two-pools',
    pointer: at(at('', publicNumber), 'household'),
    message: 'Applications of one household name different pools. One household stands in one pool.',
  }
}
