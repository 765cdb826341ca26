import { isSource, readRecord, sourceForm } from '../scoring/evidence/read-facts.ts'
import { attestedKind, type Vocabulary } from '../scoring/vocabulary.ts'
import type { EvidenceState } from '../store/database.ts'
import {
  appendEvidence,
  currentTwice,
  heldEvidence,
  listEvidence,
  type NewEvidence,
  type StoredEvidence,
  sameStatements,
} from '../store/evidence.ts'
import { personExists } from '../store/persons.ts'
import { inTransaction } from '../store/transaction.ts'
import { firstDayOf, formatDate, lastDayOf } from '../values/civil-date.ts'
import { at, type Fault, Refusal } from '../values/refusal.ts'
import { type IntakeVocabulary, intakeVocabulary, readersOf } from './intake-vocabulary.ts'
import type { Actor, Office } from './office.ts'
import { isRefused } from './taken.ts'

/**
 * What one source says of one person: a record of a kind, or (record null) that it holds nothing of that kind. A change of state or a
 * correction is a new statement that supersedes an earlier one.
 */
export type Statement = {
  kind: string
  source: string
  state: EvidenceState
  record: { [field: string]: unknown } | null
  supersedes?: number
}

/**
 * Takes in statements of one person, all or none, and gives their numbers. Nothing is overwritten. `pointer` is where the list stands in the input.
 * @throws Refusal `invalid-facts`, `unknown-evidence`, `evidence-superseded`, `same-statement`, each with pointers into the list; `unknown-person`
 */
export async function takeEvidence(
  office: Office,
  actor: Actor,
  person: number,
  statements: readonly Statement[],
  pointer = '',
): Promise<number[]> {
  const intake = await intakeVocabulary(office)
  const faults: Fault[] = []
  const rows: NewEvidence[] = []
  for (const [i, statement] of statements.entries()) {
    try {
      rows.push({
        kind: statement.kind,
        source: statement.source,
        state: statement.state,
        record: statement.record === null ? null : JSON.stringify(statement.record),
        ...validTime(intake, statement, at(pointer, i)),
        recorded_at: office.now(),
        recorded_by: actor.client,
        supersedes: statement.supersedes ?? null,
      })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      faults.push(...error.faults)
    }
  }
  if (faults.length > 0) throw new Refusal('invalid-facts', faults)
  try {
    return await inTransaction(office.pool, async ({ db }) => {
      await refuseNotHeld(db, actor.authority, person, statements, pointer)
      const recorded = await appendEvidence(db, actor.authority, person, rows)
      await refuseTwiceCurrent(db, actor.authority, person, pointer)
      return recorded
    })
  } catch (error) {
    // PostgreSQL does not say which of the statements it refused.
    if (isRefused(error, 'evidence-superseded')) await refuseNotHeld(office.db, actor.authority, person, statements, pointer)
    if (isRefused(error, 'same-statement')) await refuseSame(office.db, actor.authority, person, rows, pointer)
    throw error
  }
}

/**
 * What a statement takes the place of must be there, hold still, and be of its own kind: a crime is not made to vanish behind an award.
 * @throws Refusal `unknown-evidence`; `evidence-superseded`; `invalid-facts`
 */
async function refuseNotHeld(
  db: Office['db'],
  authority: string,
  person: number,
  statements: readonly Statement[],
  pointer: string,
): Promise<void> {
  const superseded = statements.flatMap(({ kind, supersedes }, i) =>
    supersedes === undefined ? [] : [{ kind, supersedes, pointer: at(at(pointer, i), 'supersedes') }],
  )
  const held = await heldEvidence(
    db,
    authority,
    person,
    superseded.map(one => one.supersedes),
  )
  const unknown = superseded.filter(one => !held.has(one.supersedes))
  if (unknown.length > 0)
    throw new Refusal(
      'unknown-evidence',
      unknown.map(one => ({
        code: 'unknown-evidence',
        pointer: one.pointer,
        message: `Statement ${one.supersedes} is not one of this person; read the person's evidence.`,
      })),
    )
  const before = new Set<number>()
  const late = superseded.filter(({ supersedes }) => {
    const isTwice = before.has(supersedes)
    before.add(supersedes)
    return isTwice || !held.get(supersedes)?.isCurrent
  })
  if (late.length > 0)
    throw new Refusal(
      'evidence-superseded',
      late.map(one => ({
        code: 'evidence-superseded',
        pointer: one.pointer,
        message: `Statement ${one.supersedes} was superseded by another one in the meantime, or is superseded twice here; read the person's evidence again.`,
      })),
    )
  const faults = superseded.flatMap((one): Fault[] => {
    const kind = held.get(one.supersedes)?.kind
    if (kind === one.kind) return []
    return [
      {
        code: 'other-kind',
        pointer: one.pointer,
        message: `statement ${one.supersedes} is of the kind ${kind}; one of kind ${one.kind} cannot take its place`,
      },
    ]
  })
  if (faults.length > 0) throw new Refusal('invalid-facts', faults)
}

/** A correction must not say again what another statement says already: it would count twice. @throws Refusal `same-statement` */
async function refuseTwiceCurrent(db: Office['db'], authority: string, person: number, pointer: string): Promise<void> {
  const twice = await currentTwice(db, authority, person)
  if (twice.length === 0) return
  const message = `Statements ${twice.join(', ')} would say the same and count twice. Supersede one by the other's correction; what happened twice is one record with the sum.`
  throw new Refusal('same-statement', [{ code: 'same-statement', pointer, message }])
}

/** @throws Refusal `same-statement` with a pointer to each that is recorded already, or stands in the list before */
async function refuseSame(
  db: Office['db'],
  authority: string,
  person: number,
  rows: readonly NewEvidence[],
  pointer: string,
): Promise<void> {
  const faults = (await sameStatements(db, authority, person, rows)).map(i => ({
    code: 'same-statement',
    pointer: at(pointer, i),
    message:
      'This very statement is recorded already, or was before it was corrected, or stands above. Supersede the one that holds now; what happened twice is one record with the sum.',
  }))
  if (faults.length > 0) throw new Refusal('same-statement', faults)
}

/** Checks a statement and gives the time for which its record is valid; both ends belong to it, and null is open. */
export function validTime(
  intake: IntakeVocabulary,
  statement: Statement,
  pointer: string,
): { valid_from: string | null; valid_to: string | null } {
  const { kind, source, record } = statement
  const readers = readersOf(intake, kind, record)
  if (readers.length === 0)
    throw new Refusal('invalid-facts', [
      {
        code: 'unknown-kind',
        pointer: at(pointer, 'kind'),
        message: `neither the vocabulary nor a scheme knows evidence "${kind}"; known: ${[...intake.kinds.keys(), attestedKind].join(', ')}`,
      },
    ])
  for (const field of ['source', 'state'])
    if (record && Object.hasOwn(record, field))
      throw new Refusal('invalid-facts', [
        { code: 'unknown-field', pointer: at(at(pointer, 'record'), field), message: `"${field}" stands beside the record, not in it` },
      ])
  if (!isSource(source)) throw new Refusal('invalid-facts', [{ code: 'wrong-form', pointer: at(pointer, 'source'), message: sourceForm }])
  return record === null ? { valid_from: null, valid_to: null } : timeOfRecord(readers, kind, record, at(pointer, 'record'))
}

/** Reads a record as the first vocabulary that can. If none can, the faults are those that the first one finds. */
function timeOfRecord(
  readers: readonly Vocabulary[],
  kind: string,
  record: { [field: string]: unknown },
  pointer: string,
): ReturnType<typeof validTime> {
  let refusal: Refusal | undefined
  for (const vocabulary of readers)
    try {
      return timeIn(vocabulary, kind, record)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refusal ??= error
    }
  const inRecord = at(at('', kind), 0)
  const faults = (refusal as Refusal).faults.map(fault => ({ ...fault, pointer: pointer + fault.pointer.slice(inRecord.length) }))
  throw new Refusal('invalid-facts', faults)
}

function timeIn(vocabulary: Vocabulary, name: string, record: { [field: string]: unknown }): ReturnType<typeof validTime> {
  const read = readRecord(vocabulary, name, record)
  const kind = vocabulary.kinds.get(name)
  if (!kind || !read) return { valid_from: null, valid_to: null }
  const byMonth = kind.shape === 'span' && kind.grain === 'month'
  return {
    valid_from: Number.isFinite(read.from) ? formatDate(byMonth ? firstDayOf(read.from) : read.from) : null,
    valid_to: Number.isFinite(read.to) ? formatDate(byMonth ? lastDayOf(read.to) : read.to) : null,
  }
}

/** All that was recorded of a person, superseded statements too, oldest first. @throws Refusal `unknown-person` */
export async function evidenceOf(
  office: Office,
  { authority }: Actor,
  page: { person: number; after?: number | undefined; limit: number },
): Promise<StoredEvidence[]> {
  const found = await listEvidence(office.db, { authority, ...page })
  if (found.length === 0 && !(await personExists(office.db, authority, page.person)))
    throw new Refusal('unknown-person', `There is no person ${page.person} under this authority.`)
  return found
}
