import { countApplications } from '../store/applications.ts'
import { currentEvidenceOfRound } from '../store/evidence.ts'
import { frozenInputWriter } from '../store/frozen-inputs.ts'
import { countAlsoElsewhere } from '../store/persons.ts'
import { withReader } from '../store/reader.ts'
import { lockRound, setOnRound, stepRound } from '../store/rounds.ts'
import { analyze } from '../store/statistics.ts'
import { inTransaction } from '../store/transaction.ts'
import { Refusal } from '../values/refusal.ts'
import { factsDocument, inputDigest, inputsDigester, type StoredStatement } from './facts-document.ts'
import type { Actor, Office } from './office.ts'
import type { Progress } from './progress.ts'
import { schemeByDigest } from './schemes.ts'

/** What a freeze found: declared records that were left out, and applicants whom another authority of the installation knows too. */
export type Frozen = { applications: number; pending: number; alsoElsewhere: number }

/**
 * Freezes the inputs of a closed round: one canonical document of verified facts for each application, with a salt of its own and a digest. Evidence
 * that is recorded later no longer counts. One transaction: killed in the middle, nothing has happened.
 * @throws Refusal `round-state` when the round is not closed; `round-busy`
 */
export async function freezeRound(
  office: Office,
  { authority, client: takenBy }: Actor,
  round: string,
  progress: Progress,
): Promise<Frozen> {
  await analyze(office.db, 'applications', 'evidence')
  return inTransaction(office.pool, async ({ db, client }) => {
    const { state, scheme_digest } = await lockRound(db, authority, round)
    if (state !== 'closed') throw new Refusal('round-state', `Round ${round} is ${state}: only a closed round can be frozen.`)
    const { vocabulary } = await schemeByDigest(office, scheme_digest)
    const total = await countApplications(db, authority, round)
    const writer = frozenInputWriter(client, authority, round)
    const inputs = inputsDigester()
    let done = 0
    let pending = 0

    const freeze = (application: number, statements: StoredStatement[]) => {
      const facts = factsDocument(statements, vocabulary)
      const salt = office.randomBytes(32)
      const digest = inputDigest(salt, facts.document)
      inputs.add(digest)
      pending += facts.pending
      done++
      return writer.write({ application, document: facts.document, salt, digest })
    }
    try {
      await withReader(office.pool, async reader => {
        let current: { application: number; statements: StoredStatement[] } | undefined
        for await (const batch of currentEvidenceOfRound(reader, authority, round)) {
          for (const [application, , , kind, source, state, record] of batch) {
            if (current === undefined || current.application !== Number(application)) {
              if (current) await freeze(current.application, current.statements)
              current = { application: Number(application), statements: [] }
            }
            if (kind != null)
              current.statements.push({
                kind,
                source: source as string,
                state: state as string,
                record: record == null ? null : JSON.parse(record),
              })
          }
          progress({ stage: 'freeze', done, total })
        }
        if (current) await freeze(current.application, current.statements)
      })
    } catch (error) {
      await writer.destroy(error as Error)
      throw error
    }
    await writer.end()
    // Nobody can apply while the round is locked, so these differ only if the join above lost somebody.
    if (done !== total) throw new Error(`${done} inputs were frozen for ${total} applications`)
    await setOnRound(db, authority, round, { inputs_digest: inputs.digest() })
    await stepRound(db, { authority, round, from: 'closed', to: 'frozen', takenBy, takenAt: office.now() })
    progress({ stage: 'freeze', done, total })
    return { applications: done, pending, alsoElsewhere: await countAlsoElsewhere(db, authority, round) }
  })
}
