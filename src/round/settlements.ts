import { readPublicNumber } from '../publishing/public-number.ts'
import { insertSettlements, type SettlementOutcome } from '../store/settlements.ts'
import { inTransaction } from '../store/transaction.ts'
import { formatDate } from '../values/civil-date.ts'
import { at, type Fault, Refusal } from '../values/refusal.ts'
import { lockOut } from './after-the-list.ts'
import type { Actor, Office } from './office.ts'
import { takeFailureBack } from './run-does-not-hold.ts'
import { type OpenTerm, openTerms } from './terms.ts'

/** Public numbers of those on the list who have settled, and of those whose places have lapsed. */
export type Settlements = { [outcome in SettlementOutcome]: readonly string[] }

/**
 * Enters of households on the final list whether they have settled, once their term is over; all or none, and of each once.
 * @throws Refusal `round-state`; `round-busy`; `round-altered`; `run-does-not-hold`; `no-settlement-term`; `invalid-settlements` with pointers `/settled/<i>`
 *   and `/lapsed/<i>`
 */
export async function enterSettlements(office: Office, actor: Actor, round: string, entered: Settlements): Promise<void> {
  await takeFailureBack(office, actor, round)
  await inTransaction(office.pool, async ({ db }) => {
    const { published, before } = await lockOut(office, actor, db, round, ['final'], 'it is entered who has settled')
    if (published.judge.rules.settlement === null)
      throw new Refusal('no-settlement-term', `The rules of round ${round} set no term for settling, so no place of it can lapse.`)
    const listed = new Set(before.last.entries.map(entry => entry.publicNumber))
    const given = [...entered.settled, ...entered.lapsed].flatMap(text => readPublicNumber(text) ?? [])
    const open = await openTerms(
      office,
      db,
      published,
      given.filter(number => listed.has(number)),
    )
    const terms = new Map(open.map(term => [term.public_number, term]))
    const faults: Fault[] = []
    const seen = new Set<string>()
    const rows = (['settled', 'lapsed'] as const).flatMap(outcome =>
      entered[outcome].flatMap((text, i) => {
        const number = readPublicNumber(text)
        const term = number === undefined ? undefined : terms.get(number)
        const fault = faultOf(term, term !== undefined && seen.has(term.public_number))
        if (fault) faults.push({ ...fault, pointer: at(at('', outcome), i) })
        if (term) seen.add(term.public_number)
        return term ? [{ unit: term.unit, application: term.application, outcome }] : []
      }),
    )
    if (faults.length > 0) throw new Refusal('invalid-settlements', faults.slice(0, 100))
    await insertSettlements(db, { authority: actor.authority, round, enteredBy: actor.client, enteredAt: office.now() }, rows)
  })
}

function faultOf(term: OpenTerm | undefined, isTwice: boolean): Omit<Fault, 'pointer'> | undefined {
  if (term === undefined)
    return {
      code: 'no-open-place',
      message:
        'nobody of this public number stands on the list with a place of which nothing is entered yet; what is entered never changes',
    }
  if (isTwice) return { code: 'given-twice', message: 'this public number is given twice; give each once' }
  if (!term.isOver)
    return { code: 'term-not-over', message: `the household can settle until ${formatDate(term.lastDay)}; enter it from the day after` }
  return undefined
}
