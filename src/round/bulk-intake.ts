import { newPublicNumber } from '../publishing/public-number.ts'
import { bulkInsertApplications } from '../store/applications.ts'
import { bulkInsertEvidence } from '../store/evidence.ts'
import { bulkInsertPersons, drawPersons, encryptPerson, knownIndexes } from '../store/persons.ts'
import { holdRound } from '../store/rounds.ts'
import { analyze } from '../store/statistics.ts'
import { inTransaction, type Work } from '../store/transaction.ts'
import { parseCitizenNumber } from '../values/citizen-number.ts'
import { at, type Fault, Refusal } from '../values/refusal.ts'
import { readGiven, takesApplications } from './applications.ts'
import { type Statement, validTime } from './evidence.ts'
import type { ClaimReader, GivenClaim, StoredClaim } from './given-claim.ts'
import { type IntakeVocabulary, intakeVocabulary } from './intake-vocabulary.ts'
import type { Actor, Office } from './office.ts'
import { nameForm, parseName } from './persons.ts'
import { theRound } from './rounds.ts'

/** One applicant of a bulk intake, as an office's own register exports it. */
export type BulkApplicant = { citizenNumber: string; name: string; statements: readonly Omit<Statement, 'supersedes'>[] } & GivenClaim

// Three COPYs for so many applicants at a time: enough to be fast, few enough to hold.
const chunkSize = 2_000

/**
 * Takes in many applicants of one open round with their evidence, all or none, by COPY.
 * @throws Refusal `round-not-open`; `invalid-applicants` with pointers ("/17/statements/3/record/from"); `person-exists` with pointers
 */
export async function takeApplicants(
  office: Office,
  actor: Actor,
  round: string,
  applicants: Iterable<BulkApplicant> | AsyncIterable<BulkApplicant>,
): Promise<number> {
  const stored = await theRound(office, actor.authority, round)
  takesApplications(stored)
  const readClaim = readGiven(office, stored)
  const intake = await intakeVocabulary(office)
  return inTransaction(office.pool, async work => {
    takesApplications(await holdRound(work.db, actor.authority, round))
    let count = 0
    let chunk: BulkApplicant[] = []
    const take = async () => {
      await takeChunk(office, intake, readClaim, actor, round, work, chunk, count)
      // The first chunk tells the planner how the tables look, before the many checks of foreign keys.
      if (count === 0) await analyze(work.db, 'persons')
      count += chunk.length
      chunk = []
    }
    for await (const applicant of applicants) {
      chunk.push(applicant)
      if (chunk.length === chunkSize) await take()
    }
    if (chunk.length > 0) await take()
    return count
  })
}

async function takeChunk(
  office: Office,
  intake: IntakeVocabulary,
  readClaim: ClaimReader,
  actor: Actor,
  round: string,
  { db, client }: Work,
  chunk: readonly BulkApplicant[],
  first: number,
): Promise<void> {
  const { authority } = actor
  const checked = checkAll(intake, readClaim, chunk, first)
  const persons = await drawPersons(db, chunk.length)
  const moment = office.now()
  const rows = checked.map(({ citizenNumber, name }, i) => {
    const person = persons[i] as number
    return { person, createdAt: moment, ...encryptPerson(office.keys, { authority, person, citizenNumber, name }) }
  })
  await refuseKnown(
    db,
    authority,
    rows.map(row => row.citizenNumberIndex),
    first,
  )
  await bulkInsertPersons(client, authority, rows)
  await bulkInsertEvidence(
    client,
    authority,
    chunk.flatMap(({ statements }, i) =>
      statements.map(({ kind, source, state, record }, j) => {
        const time = checked[i]?.times[j]
        return {
          person: persons[i] as number,
          kind,
          source,
          state,
          record: record === null ? null : JSON.stringify(record),
          validFrom: time?.valid_from ?? null,
          validTo: time?.valid_to ?? null,
          recordedAt: moment,
          recordedBy: actor.client,
        }
      }),
    ),
  )
  const applications = persons.map((person, i) => ({
    person,
    publicNumber: newPublicNumber(office.randomBytes),
    submittedAt: moment,
    ...(checked[i] as Checked).claim,
  }))
  await bulkInsertApplications(client, { authority, round }, applications)
}

/** Refuses persons whom the authority knows already, from before or from earlier in this intake. */
async function refuseKnown(db: Work['db'], authority: string, indexes: readonly Buffer[], first: number): Promise<void> {
  const known = new Set((await knownIndexes(db, authority, indexes)).map(index => index.toString('hex')))
  const faults: Fault[] = []
  for (const [i, index] of indexes.entries()) {
    const key = index.toString('hex')
    if (known.has(key))
      faults.push({
        code: 'person-exists',
        pointer: at(at('', first + i), 'citizenNumber'),
        message:
          'This person is registered already, or stands above in this intake; take the application of a registered person by itself.',
      })
    known.add(key)
  }
  if (faults.length > 0) throw new Refusal('person-exists', faults.slice(0, 100))
}

type Checked = { citizenNumber: string; name: string; times: ReturnType<typeof validTime>[]; claim: StoredClaim }

function checkAll(intake: IntakeVocabulary, readClaim: ClaimReader, chunk: readonly BulkApplicant[], first: number): Checked[] {
  const faults: Fault[] = []
  const collecting = <T>(read: () => T, otherwise: T): T => {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      faults.push(...error.faults)
      return otherwise
    }
  }
  const checked = chunk.map(({ citizenNumber, name: nameText, statements, pool, household, persons }, i): Checked => {
    const here = at('', first + i)
    const number = parseCitizenNumber(citizenNumber)
    if (number === undefined)
      faults.push({
        code: 'wrong-citizen-number',
        pointer: at(here, 'citizenNumber'),
        message: 'This is no citizen identity number (GB 11643).',
      })
    const name = parseName(nameText)
    if (name === undefined) faults.push({ code: 'wrong-form', pointer: at(here, 'name'), message: nameForm })
    const said = new Set<string>()
    const times = statements.map((statement, j) => {
      const key = JSON.stringify([statement.kind, statement.source, statement.state, statement.record])
      if (said.has(key))
        faults.push({
          code: 'same-statement',
          pointer: at(at(here, 'statements'), j),
          message: 'This very statement stands above; what happened twice is one record with the sum.',
        })
      said.add(key)
      const there = at(at(here, 'statements'), j)
      return collecting(() => validTime(intake, statement, there), { valid_from: null, valid_to: null })
    })
    const claim = collecting(() => readClaim({ pool, household, persons }, here), { pool: null, household: null, persons: null })
    return { citizenNumber: number ?? '', name: name ?? '', times, claim }
  })
  if (faults.length > 0) throw new Refusal('invalid-applicants', faults.slice(0, 100))
  return checked
}
