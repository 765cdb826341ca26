import type { Ground } from '../publishing/edition.ts'
import { readPublicNumber } from '../publishing/public-number.ts'
import { engine } from '../scoring/engine.ts'
import { insertCorrection, lastCorrection } from '../store/amendments.ts'
import { type Application, getApplication } from '../store/applications.ts'
import { kindsWithNothing, namedRecords } from '../store/corrections.ts'
import { getFrozenInput } from '../store/frozen-inputs.ts'
import { indexOfPerson } from '../store/persons.ts'
import type { Work } from '../store/transaction.ts'
import { type Fault, Refusal } from '../values/refusal.ts'
import { lockOut, type OutRound, standsAsSealed } from './after-the-list.ts'
import { amendPlace, standingOf } from './amend-place.ts'
import { correctedDocument, type NamedStatement } from './corrected-document.ts'
import { inputDigest } from './facts-document.ts'
import type { Actor, Office } from './office.ts'
import { receiptDigester } from './receipt-digest.ts'
import { sealing } from './run-does-not-hold.ts'
import { type Sealed, sealNext } from './seal.ts'
import { isSameScore, type Judge } from './standing.ts'
import { verifierRules } from './verifier-rules.ts'

/** An upheld objection: the application, the evidence that puts it right, the number of the decision and its ground. */
export type UpheldObjection = { publicNumber: string; records: readonly number[]; decision: string; ground: Ground }

/**
 * Corrects an application after the list is out (docs/ranking.md, Late correction): scores it again from its input in which only the named records are put
 * right, gives its household the rank and the place that follow, and seals a new edition. Nobody else's rank, admission or reserve number changes.
 * @throws Refusal `round-state`; `round-busy`; `unknown-application`; `pool-set-aside`; `unknown-evidence`, `invalid-correction` with pointers
 *   `/records/<i>`; `unusable-evidence`; `run-does-not-hold`; `round-altered`; `list-changed`
 */
export async function correctApplication(office: Office, actor: Actor, round: string, objection: UpheldObjection): Promise<Sealed> {
  return sealing(office, actor, round, async work => {
    const { db } = work
    const out = await lockOut(office, actor, db, round, ['notice', 'final'], 'a decision corrects the list')
    const application = await getApplication(db, actor.authority, round, readPublicNumber(objection.publicNumber) ?? '')
    if (!application) throw new Refusal('unknown-application', `Round ${round} has no application with this public number.`)
    if (out.published.setAside.has(application.pool ?? ''))
      throw new Refusal('pool-set-aside', `The pool of this application is not published yet: publish it first, then correct it.`)
    await standsAsSealed(office, db, out)
    const amended = { key: out.key, run: out.published.run, rules: out.published.judge.rules, edition: out.before.next }
    const standing = await standingOf(db, amended, application)
    await scoreAgain(office, work, out, application, objection)
    const unit = await amendPlace(work, amended, application, standing)
    const { decision } = objection
    return sealNext(office, actor, db, out.published, out.before, { kind: 'correction', reason: decision, units: [unit] })
  })
}

/** Scores the application on its corrected input and stores both. */
async function scoreAgain(
  office: Office,
  { db }: Work,
  { key, published, before }: OutRound,
  application: Application,
  { records, decision, ground }: UpheldObjection,
): Promise<void> {
  const { authority, round } = key
  const { judge } = published
  const frozen = await getFrozenInput(db, authority, round, application.application)
  const index = await indexOfPerson(db, authority, application.person)
  if (!frozen || !index) throw new Error(`application ${application.application} of round ${round} has no frozen input`)
  const base = (await lastCorrection(db, authority, round, application.application)) ?? frozen
  const named = await namedStatements(db, authority, application.person, records)
  const withNothing = new Set(await kindsWithNothing(db, authority, application.person))
  const corrected = (statements: readonly NamedStatement[]) =>
    correctedDocument(base.document, statements, withNothing, judge.scheme.vocabulary)
  const faults = named.flatMap((one, i): Fault[] => {
    if (corrected([one]) !== base.document) return []
    const message = 'this record changes nothing of what was scored; name only those that the decision puts right'
    return [{ code: 'nothing-corrected', pointer: `/records/${i}`, message }]
  })
  if (faults.length > 0) throw new Refusal('invalid-correction', faults)
  const document = corrected(named)
  const standing = judged(judge, document, frozen.claim, published.round.as_of)
  const salt = office.randomBytes(32)
  const digest = inputDigest(salt, index, document, frozen.claim)
  const receipt = receiptDigester(engine, published.round)
  await insertCorrection(db, {
    authority,
    round,
    edition: before.next,
    application: application.application,
    records: [...records],
    decision,
    ground,
    document,
    salt,
    digest,
    engine,
    eligible: standing.eligible,
    total: standing.total,
    items: standing.items,
    reasons: JSON.stringify(standing.reasons),
    missing: standing.missing,
    chain: standing.chain,
    receipt: Buffer.from(receipt(digest.toString('hex'), standing), 'hex'),
  })
}

/** The named records with what they took the place of. They must be this person's, hold now, and have been checked. */
async function namedStatements(db: Work['db'], authority: string, person: number, records: readonly number[]): Promise<NamedStatement[]> {
  const rows = await namedRecords(db, authority, person, records)
  const unknown: Fault[] = []
  const faults: Fault[] = []
  const named = records.flatMap((record, i) => {
    const pointer = `/records/${i}`
    const [own, ...earlier] = rows.filter(row => row.named === record)
    if (!own) {
      unknown.push({
        code: 'unknown-evidence',
        pointer,
        message: `Statement ${record} is not one of this person; read the person's evidence.`,
      })
      return []
    }
    if (records.indexOf(record) !== i) faults.push({ code: 'given-twice', pointer, message: 'this record is named twice; name each once' })
    if (!own.isCurrent) faults.push({ code: 'superseded', pointer, message: 'this record was superseded; name the one that holds now' })
    if (own.state === 'declared')
      faults.push({ code: 'not-verified', pointer, message: 'this record is only declared; have it verified or rejected first' })
    return [{ statement: own, earlier }]
  })
  if (unknown.length > 0) throw new Refusal('unknown-evidence', unknown)
  if (faults.length > 0) throw new Refusal('invalid-correction', faults)
  return named
}

/**
 * Judges the corrected document by both programs for the scheme language; they must agree (R17).
 * @throws Refusal `unusable-evidence`, also when the facts now exclude the pool of the application
 */
function judged(judge: Judge, document: string, claim: string, asOf: string) {
  const score = evidenceOf(() => judge.score(document))
  const standing = evidenceOf(() => judge.standing(score, claim))
  const where = judge.misplaced(score, claim)
  if (where)
    throw new Refusal('unusable-evidence', [
      {
        code: 'wrong-pool',
        pointer: '/records',
        message: `The pool of this application is for those whose ${where.measure} is ${where.is}, and by these records it is known to be something else. An application does not change its pool after the freeze.`,
      },
    ])
  const again = verifierRules(judge, asOf).oracle(document, claim)
  if (!isSameScore(standing, again)) throw new Error('R17: the second program scores the corrected application otherwise')
  return standing
}

function evidenceOf<T>(judge: () => T): T {
  try {
    return judge()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new Refusal('unusable-evidence', error.faults)
  }
}
