import { isSource, readRecord, sourceForm } from '../scoring/evidence/read-facts.ts'
import { attestedKind, type Vocabulary } from '../scoring/vocabulary.ts'
import type { EvidenceState } from '../store/database.ts'
import { appendEvidence, currentEvidence, kindsOfEvidence, listEvidence, type NewEvidence, type StoredEvidence } from '../store/evidence.ts'
import { personExists } from '../store/persons.ts'
import { inTransaction } from '../store/transaction.ts'
import { firstDayOf, formatDate, lastDayOf } from '../values/civil-date.ts'
import { at, type Fault, Refusal } from '../values/refusal.ts'
import type { Actor, Office } from './office.ts'

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
 * @throws Refusal `invalid-facts` with pointers into the list; `unknown-person`; `unknown-evidence`; `evidence-superseded`
 */
export async function takeEvidence(
  office: Office,
  actor: Actor,
  person: number,
  statements: readonly Statement[],
  pointer = '',
): Promise<number[]> {
  const faults: Fault[] = []
  const rows: NewEvidence[] = []
  for (const [i, statement] of statements.entries()) {
    try {
      rows.push({
        kind: statement.kind,
        source: statement.source,
        state: statement.state,
        record: statement.record === null ? null : JSON.stringify(statement.record),
        ...validTime(office.vocabulary, statement, at(pointer, i)),
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
  return inTransaction(office.pool, async ({ db }) => {
    await refuseOtherKinds(db, actor.authority, person, statements, pointer)
    return appendEvidence(db, actor.authority, person, rows)
  })
}

/** A statement takes the place of one of its own kind: a crime is not made to vanish behind an award. */
async function refuseOtherKinds(
  db: Office['db'],
  authority: string,
  person: number,
  statements: readonly Statement[],
  pointer: string,
): Promise<void> {
  const superseded = statements.map(statement => statement.supersedes).filter(number => number !== undefined)
  const kinds = await kindsOfEvidence(db, authority, person, superseded)
  const faults = statements.flatMap(({ kind, supersedes }, i): Fault[] => {
    const before = supersedes === undefined ? undefined : kinds.get(supersedes)
    if (before === undefined || before === kind) return []
    return [
      {
        code: 'other-kind',
        pointer: at(at(pointer, i), 'supersedes'),
        message: `statement ${supersedes} is of the kind ${before}; one of kind ${kind} cannot take its place`,
      },
    ]
  })
  if (faults.length > 0) throw new Refusal('invalid-facts', faults)
}

/** Checks a statement and gives the time for which its record is valid; both ends belong to it, and null is open. */
export function validTime(
  vocabulary: Vocabulary,
  statement: Statement,
  pointer: string,
): { valid_from: string | null; valid_to: string | null } {
  const { kind: name, source, record } = statement
  const kind = vocabulary.kinds.get(name)
  if (!kind && name !== attestedKind)
    throw new Refusal('invalid-facts', [
      {
        code: 'unknown-kind',
        pointer: at(pointer, 'kind'),
        message: `the vocabulary knows no evidence "${name}"; known: ${[...vocabulary.kinds.keys(), attestedKind].join(', ')}`,
      },
    ])
  for (const field of ['source', 'state'])
    if (record && Object.hasOwn(record, field))
      throw new Refusal('invalid-facts', [
        { code: 'unknown-field', pointer: at(at(pointer, 'record'), field), message: `"${field}" stands beside the record, not in it` },
      ])
  const read = readStatement(vocabulary, name, source, record, pointer)
  if (!kind || !read) return { valid_from: null, valid_to: null }
  const byMonth = kind.shape === 'span' && kind.grain === 'month'
  return {
    valid_from: Number.isFinite(read.from) ? formatDate(byMonth ? firstDayOf(read.from) : read.from) : null,
    valid_to: Number.isFinite(read.to) ? formatDate(byMonth ? lastDayOf(read.to) : read.to) : null,
  }
}

/** Reads the record with its source as the scoring will, and points its faults into the statement. */
function readStatement(vocabulary: Vocabulary, kind: string, source: string, record: Statement['record'], pointer: string) {
  if (!isSource(source)) throw new Refusal('invalid-facts', [{ code: 'wrong-form', pointer: at(pointer, 'source'), message: sourceForm }])
  if (record === null) return undefined
  try {
    return readRecord(vocabulary, kind, record)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const inRecord = at(at('', kind), 0)
    throw new Refusal(
      'invalid-facts',
      error.faults.map(fault => ({ ...fault, pointer: `${pointer}/record${fault.pointer.slice(inRecord.length)}` })),
    )
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

/** What holds now of a person. */
export async function currentEvidenceOf(office: Office, { authority }: Actor, person: number): Promise<StoredEvidence[]> {
  return currentEvidence(office.db, authority, person)
}
