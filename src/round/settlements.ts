import { readPublicNumber } from '../publishing/public-number.ts'
import { lastDayToSettle } from '../ranking/deadline.ts'
import { dayIn } from '../ranking/moment.ts'
import type { RoundRules } from '../ranking/rules.ts'
import { firstFinal } from '../store/editions.ts'
import { overWholeRound } from '../store/places.ts'
import type { RunKey } from '../store/runs.ts'
import { insertSettlements, type OpenTerm, openTerms, type SettlementOutcome } from '../store/settlements.ts'
import { inTransaction } from '../store/transaction.ts'
import { formatDate } from '../values/civil-date.ts'
import { at, type Fault, Refusal } from '../values/refusal.ts'
import { lockOut } from './after-the-list.ts'
import type { Actor, Office } from './office.ts'

/** Public numbers of those on the list who have settled, and of those whose places have lapsed. */
export type Settlements = { [outcome in SettlementOutcome]: readonly string[] }

/**
 * Enters of households on the final list whether they have settled, once their term is over; all or none, and of each once.
 * @throws Refusal `round-state`; `round-busy`; `no-settlement-term`; `invalid-settlements` with pointers `/settled/<i>` and `/lapsed/<i>`
 */
export async function enterSettlements(office: Office, actor: Actor, round: string, entered: Settlements): Promise<void> {
  await inTransaction(office.pool, async ({ db }) => {
    const { key, published } = await lockOut(office, actor, db, round, ['final'], 'it is entered who has settled')
    const { rules } = published.judge
    if (rules.settlement === null)
      throw new Refusal('no-settlement-term', `The rules of round ${round} set no term for settling, so no place of it can lapse.`)
    const terms = new Map((await overWholeRound(db, () => termsOf(office, db, key, rules))).map(term => [term.public_number, term]))
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

/** An open term with its last day. */
export type Term = OpenTerm & { lastDay: number; isOver: boolean }

/** The terms of all households on the list of which nothing is entered yet. Days are those of the rules' zone, in UTC where they name none. */
export async function termsOf(office: Office, db: Office['db'], key: RunKey, rules: RoundRules): Promise<Term[]> {
  const { settlement } = rules
  const final = await firstFinal(db, key.authority, key.round)
  if (settlement === null || final === undefined) return []
  const dayOf = (moment: string) => dayIn(rules.zone as string, Date.parse(moment))
  const today = dayOf(office.now())
  return (await openTerms(db, key, final)).map(term => {
    const lastDay = lastDayToSettle(settlement, dayOf(term.since), term.calledUp)
    return { ...term, lastDay, isOver: today > lastDay }
  })
}

function faultOf(term: Term | undefined, isTwice: boolean): Omit<Fault, 'pointer'> | undefined {
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
