import { callUp as calledUpOf } from '../ranking/call-up.ts'
import { type Lottery, lotOf } from '../ranking/lot.ts'
import type { RoundRules } from '../ranking/rules.ts'
import { insertAmendments } from '../store/amendments.ts'
import { type Occupancy, occupancyOf, type WaitingPlace, waitingPlaces } from '../store/places.ts'
import { lapsedPlaces } from '../store/settlements.ts'
import { Refusal } from '../values/refusal.ts'
import { lockOut, standsAsSealed } from './after-the-list.ts'
import type { Amended } from './amend-place.ts'
import { checkCallUp } from './check-call-up.ts'
import { lotteryOf } from './lottery.ts'
import type { Actor, Office } from './office.ts'
import { sealing } from './run-does-not-hold.ts'
import { type Sealed, sealNext } from './seal.ts'
import { openTerms } from './terms.ts'

/**
 * Gives the places that have lapsed, and those of who was struck off, to the reserve list, once it is entered of every household whose term is over whether it has
 * settled (docs/ranking.md, Call-up). Seals a new edition without the lapsed and with those who are called up.
 * @throws Refusal `round-state`; `round-busy`; `no-reserve-list`; `settlements-open`; `nothing-to-call-up`; `run-does-not-hold`;
 *   `round-altered`; `list-changed`
 */
export async function callUp(office: Office, actor: Actor, round: string, { reason }: { reason: string }): Promise<Sealed> {
  return sealing(office, actor, round, async ({ db }) => {
    const out = await lockOut(office, actor, db, round, ['final'], 'free places are given to the reserve list')
    const { key, published, before } = out
    const { judge, run, setAside } = published
    const { rules } = judge
    if (rules.reserve === null)
      throw new Refusal('no-reserve-list', `The rules of round ${round} have no reserve list: places that become free stay free.`)
    const listed = before.last.entries.map(entry => entry.publicNumber)
    const open = (await openTerms(office, db, published, listed)).filter(term => term.isOver)
    if (open.length > 0)
      throw new Refusal(
        'settlements-open',
        `Of ${open.length} households whose term is over it is not entered yet whether they have settled; the first is ${open[0]?.public_number}. Enter all of them first.`,
      )
    await standsAsSealed(office, db, out)
    const units = await giveFreePlaces(db, { key, run, rules, edition: before.next }, setAside)
    if (units.length === 0)
      throw new Refusal('nothing-to-call-up', `No place of round ${round} has become free that somebody on the reserve list can take.`)
    return sealNext(office, actor, db, published, before, { kind: 'call-up', reason, units })
  })
}

/** Stores who leaves the list, since their places have lapsed, and who comes onto it; in pools that are set aside nothing happens. Gives all these households. */
export async function giveFreePlaces(
  db: Office['db'],
  { key, run, rules, edition }: Amended,
  setAside: ReadonlyMap<string, unknown>,
): Promise<Buffer[]> {
  const lapsed = await lapsedPlaces(db, key)
  const waiting = await waitingPlaces(db, key)
  const occupancy = new Map((await occupancyOf(db, key)).map(one => [one.pool, one]))
  const lottery = lotteryOf(run)
  const ofPool = Map.groupBy(waiting, one => one.pool)
  const given = rules.pools.flatMap(({ pool, places }) => {
    if (setAside.has(pool)) return []
    const candidates = ofPool.get(pool) ?? []
    const free = freePlaces(rules, places, occupancy.get(pool))
    const called = calledUpOf(
      rules,
      candidates.map(one => waitingOf(one, lottery)),
      free,
    )
    checkCallUp(rules, run, candidates, free, called)
    return candidates.filter((_, i) => called[i])
  })
  const { authority, round } = key
  await insertAmendments(db, [
    ...lapsed.map(({ unit, application, rank, reserve }) => ({
      ...{ authority, round, edition, unit, change: 'lapsed' as const },
      ...{ application, listed_before: application, listed: false, rank, reserve, through: null },
    })),
    ...given.map(({ unit, application, rank, reserve }) => ({
      ...{ authority, round, edition, unit, change: 'called-up' as const },
      ...{ application, listed_before: null, listed: true, rank, reserve, through: 'call-up' as const },
    })),
  ])
  return [...lapsed, ...given].map(one => one.unit)
}

/** Places that nobody holds now. With a second round the allotment of a pool is what both rounds gave it. */
function freePlaces(rules: RoundRules, places: number, occupancy: Occupancy | undefined): number {
  const { first, second, held } = occupancy ?? { first: 0, second: 0, held: 0 }
  const allotment = rules.secondRound === null ? places : Math.min(places, first) + second
  return Math.max(0, allotment - held)
}

function waitingOf({ chain, weight, public_number }: WaitingPlace, lottery: Lottery | null) {
  return { chain, weight, lot: () => lotOf(lottery as Lottery, public_number) }
}
