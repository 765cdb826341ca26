import type pg from 'pg'
import { countApplications } from '../store/applications.ts'
import { byteaOf } from '../store/copy.ts'
import { currentEvidenceOfRound } from '../store/evidence.ts'
import { frozenInputWriter } from '../store/frozen-inputs.ts'
import { countAlsoElsewhere } from '../store/persons.ts'
import { withReader } from '../store/reader.ts'
import { lockRound, setOnRound, stepRound } from '../store/rounds.ts'
import { analyze } from '../store/statistics.ts'
import { inTransaction } from '../store/transaction.ts'
import { at, type Fault, Refusal } from '../values/refusal.ts'
import { factsDocument, inputDigest, inputsDigester, type StoredStatement } from './facts-document.ts'
import type { Actor, Office } from './office.ts'
import type { Progress } from './progress.ts'
import { judgeOf } from './rounds.ts'
import type { Judge } from './standing.ts'

/** What a freeze found: declared records that were left out, and applicants whom another authority of the installation knows too. */
export type Frozen = { applications: number; pending: number; alsoElsewhere: number }

// So many faulty applications are told; a register that sends nonsense sends it for everybody.
const mostFaults = 100

/**
 * Freezes the inputs of a closed round: one canonical document of verified facts for each application, with a salt of its own and a digest. Evidence
 * that is recorded later no longer counts. Every document is read and scored once, so that evidence which nobody can score is told now, while
 * it can still be corrected. One transaction: killed in the middle, nothing has happened.
 * @throws Refusal `round-state` when the round is not closed; `round-busy`; `unusable-evidence` with pointers that begin with the public number
 */
export async function freezeRound(
  office: Office,
  { authority, client: takenBy }: Actor,
  round: string,
  progress: Progress,
): Promise<Frozen> {
  await analyze(office.db, 'applications', 'evidence')
  return inTransaction(office.pool, async ({ db, client }) => {
    const stored = await lockRound(db, authority, round)
    if (stored.state !== 'closed') throw new Refusal('round-state', `Round ${round} is ${stored.state}: only a closed round can be frozen.`)
    const judge = await judgeOf(office, stored)
    const total = await countApplications(db, authority, round)
    const writer = frozenInputWriter(client, authority, round)
    const inputs = inputsDigester()
    const faults: Fault[] = []
    let done = 0
    let pending = 0
    try {
      await withReader(office.readers, async reader => {
        for await (const { application, publicNumber, personIndex, statements } of applicants(reader, authority, round)) {
          const facts = factsDocument(statements, judge.scheme.vocabulary)
          if (faults.length < mostFaults) faults.push(...unusable(judge, publicNumber, facts.document))
          const salt = office.randomBytes(32)
          const digest = inputDigest(salt, personIndex, facts.document)
          inputs.add(digest)
          pending += facts.pending
          done++
          const behind = writer.write({ application, document: facts.document, salt, digest })
          if (behind) await behind
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
    const alsoElsewhere = await countAlsoElsewhere(db, authority, round)
    await setOnRound(db, authority, round, { inputs_digest: inputs.digest(), pending_records: pending, also_elsewhere: alsoElsewhere })
    await stepRound(db, { authority, round, from: 'closed', to: 'frozen', takenBy, takenAt: office.now() })
    progress({ stage: 'freeze', done, total })
    return { applications: done, pending, alsoElsewhere }
  })
}

type Applicant = { application: number; publicNumber: string; personIndex: Buffer; statements: StoredStatement[] }

/** Each applicant of a round with what holds now, in the byte order of public numbers. */
async function* applicants(reader: pg.ClientBase, authority: string, round: string): AsyncGenerator<Applicant> {
  let current: Applicant | undefined
  for await (const batch of currentEvidenceOfRound(reader, authority, round))
    for (const [application, publicNumber, , kind, source, state, record, , , personIndex] of batch) {
      if (current?.publicNumber !== publicNumber) {
        if (current) yield current
        current = {
          application: Number(application),
          publicNumber: publicNumber as string,
          personIndex: byteaOf(personIndex as string),
          statements: [],
        }
      }
      if (kind != null)
        current?.statements.push({
          kind,
          source: source as string,
          state: state as string,
          record: record == null ? null : JSON.parse(record),
        })
    }
  if (current) yield current
}

/** Why a document cannot be scored: single statements were checked as they came, but together they may contradict each other or be too much. */
function unusable(judge: Judge, publicNumber: string, document: string): Fault[] {
  try {
    judge.judge(document)
    return []
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return error.faults.map(fault => ({ ...fault, pointer: at('', publicNumber) + fault.pointer }))
  }
}
