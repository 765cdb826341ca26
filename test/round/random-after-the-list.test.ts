import t from 'tap'
import { readRules } from '../../src/ranking/rules.ts'
import { amendPlace, standingOf } from '../../src/round/amend-place.ts'
import { giveFreePlaces } from '../../src/round/call-up.ts'
import { insertCorrection } from '../../src/store/amendments.ts'
import { getApplication } from '../../src/store/applications.ts'
import type { Store } from '../../src/store/connect.ts'
import { insertEdition } from '../../src/store/editions.ts'
import { listedPlaces, placeOf, waitingPlaces } from '../../src/store/places.ts'
import { getRun, type Run } from '../../src/store/runs.ts'
import { insertSettlements } from '../../src/store/settlements.ts'
import { inTransaction } from '../../src/store/transaction.ts'
import { throwAwayDatabase } from '../support/database.ts'
import { afterCallUp, afterCorrection, afterTheRun, callUp, correct, lapse } from '../support/oracle-ranking/after-the-list.ts'
import { chainOf } from '../support/oracle-ranking/chains.ts'
import { householdOf } from '../support/oracle-ranking/heads.ts'
import { type Random, randomFrom } from '../support/random-facts.ts'
import { type RandomRound, randomRound } from '../support/random-rounds/round.ts'
import { storedPath } from '../support/stored-rounds.ts'

const authority = 'testoffice'
const rounds = 20
const steps = 4

t.test('lapses, corrections and call-ups of random rounds in PostgreSQL come out as the oracle says', { timeout: 120_000 }, async t => {
  const seed = Date.now() & 0x7fffffff
  t.comment(`seed ${seed}`)
  const store = await throwAwayDatabase(t)
  const path = await storedPath(store)
  const seen = new Map<string, number>()
  for (let i = 1; i <= rounds; i++) {
    const random = randomRound(seed + i)
    if (random.applications.length > 100) continue
    const stored = (await store.pool.query('select count(*) as rounds from rounds')).rows[0].rounds
    await path(random)
    const { rows } = await store.pool.query('select count(*) as rounds from rounds')
    // A chain beyond the safe integers is not stored at all.
    if (rows[0].rounds === stored || random.rules.scoreLine !== null) continue
    const told = await disagreement(store, random, `round-${rows[0].rounds}`, what => seen.set(what, (seen.get(what) ?? 0) + 1))
    if (told !== undefined) {
      t.fail(`seed ${seed + i}\n${random.text}\n${random.applications.map(one => JSON.stringify(one)).join('\n')}\n${told}`)
      return
    }
  }
  for (const what of ['called up', 'lapsed', 'none']) t.ok(seen.has(what), `${what}: ${seen.get(what)}`)
  t.ok(seen.has('admitted') || seen.has('struck-off'), `admitted ${seen.get('admitted')}, struck off ${seen.get('struck-off')}`)
})

/** Lets a stored round live on beside the oracle's, and tells the first difference. */
async function disagreement(
  store: Store,
  { seed, text, rules, lottery, applications }: RandomRound,
  round: string,
  happened: (what: string) => void,
): Promise<string | undefined> {
  const { db, pool } = store
  const random = randomFrom(seed ^ 0x1157)
  const key = { authority, round, run: 1 }
  const secret = lottery && Buffer.from(lottery.secret).toString('hex')
  await pool.query('update runs set lot_secret = $2, draw = $3 where round = $1', [round, secret, lottery?.draw ?? null])
  const amended = { key, run: (await getRun(db, key)) as Run, rules: readRules(text), edition: 0 }
  const names = amended.rules.pools.map(one => one.pool)
  const households = new Map(applications.map(one => [one.publicNumber, householdOf(one)]))
  const nameOf = ({ public_number }: { public_number: string }) => households.get(public_number) as string
  const idOf = async (publicNumber: string) => {
    const found = await getApplication(db, authority, round, publicNumber)
    if (!found) throw new Error('the application is gone')
    return found
  }
  const publish = (kind: 'correction' | 'call-up', work: Parameters<typeof inTransaction<void>>[1]) => {
    amended.edition++
    return inTransaction(pool, async one => {
      await work(one)
      const edition = { authority, round, edition: amended.edition, kind, run: 1, document: '{}', digest: '', supersedes: null, reason: '' }
      await insertEdition(one.db, { ...edition, sealed_by: 'test', sealed_at: '2026-01-02T03:04:05Z' }, [])
    })
  }

  let after = afterTheRun(applications, rules, lottery)
  for (let step = 0; step < steps; step++) {
    const lapsing = [...after.holding].filter(() => random.chance(20))
    const listed = (await listedPlaces(db, key, names)).filter(one => lapsing.includes(nameOf(one)))
    const rows = await Promise.all(
      listed.map(async ({ public_number }) => {
        const application = await idOf(public_number)
        const place = await placeOf(db, key, application)
        return { unit: place?.unit as Buffer, application: application.application, outcome: 'lapsed' as const }
      }),
    )
    await insertSettlements(db, { authority, round, enteredBy: 'test', enteredAt: '2026-01-02T03:04:05Z' }, rows)
    after = lapse(after, lapsing)
    if (lapsing.length > 0) happened('lapsed')

    const corrected = applications.length > 0 && random.chance(70) ? randomCorrection(random, after.applications) : undefined
    if (corrected && (chainOf(corrected, rules) ?? []).every(Number.isSafeInteger)) {
      const applicant = await idOf(corrected.publicNumber)
      const chain = chainOf(corrected, rules)
      const outcome = correct(after, corrected, rules, lottery)
      await publish('correction', async work => {
        const before = await standingOf(work.db, amended, applicant)
        await insertCorrection(work.db, {
          ...{ authority, round, edition: amended.edition, application: applicant.application, records: [], decision: '1' },
          ...{
            ground: 'evidence',
            document: '{}',
            salt: Buffer.alloc(0),
            digest: Buffer.alloc(0),
            engine: 'test',
            receipt: Buffer.alloc(0),
          },
          ...{ eligible: chain ? 'yes' : 'no', total: corrected.total, items: [], reasons: '[]', missing: [], chain },
        })
        await amendPlace(work, amended, applicant, before)
      })
      const place = await placeOf(db, key, applicant)
      happened(place?.change ?? 'unknown')
      after = afterCorrection(after, corrected, outcome)
      const own = { publicNumber: place?.public_number ?? null, rank: place?.rank ?? null, reserve: place?.reserve ?? null }
      const { publicNumber = null, rank = null, reserve = null } = outcome.head ?? {}
      const told = differing({ step, corrected }, own, { publicNumber, rank, reserve })
      if (told) return told
    }

    const calls = amended.rules.pools.map(({ pool }) => callUp(after, pool, rules, lottery))
    const waiting = (await waitingPlaces(db, key)).map(nameOf).sort()
    // A place that has lapsed stays lapsed, and who holds one waits for none, whatever number a correction gives the household.
    const waits = ({ household }: { household: string }) => !after.lapsed.has(household) && !after.holding.has(household)
    const candidates = calls.flatMap(call => call.candidates)
    const told = differing(
      { step, what: 'waiting' },
      waiting,
      candidates
        .filter(waits)
        .map(head => head.household)
        .sort(),
    )
    if (told) return told
    if (!candidates.every(waits)) return undefined
    await publish('call-up', async work => {
      await giveFreePlaces(work.db, amended, new Map())
    })
    for (const { calledUp } of calls) {
      if (calledUp.length > 0) happened('called up')
      after = afterCallUp(after, calledUp)
    }
    const listedNow = (await listedPlaces(db, key, names)).map(nameOf).sort()
    const toldLast = differing({ step, what: 'on the list' }, listedNow, [...after.holding].sort())
    if (toldLast) return toldLast
  }
  return undefined
}

function differing(where: object, stored: object, oracle: object): string | undefined {
  const [a, b] = [JSON.stringify(stored), JSON.stringify(oracle)]
  return a === b ? undefined : `${JSON.stringify(where)}\nstored ${a}\noracle ${b}`
}

/** One application with another total, another item, or no longer eligible. */
function randomCorrection<T extends RandomRound['applications'][number]>(random: Random, applications: readonly T[]): T {
  const one = random.pick(applications)
  const items = Object.fromEntries(Object.keys(one.items).map(id => [id, random.below(5) - 2]))
  const points = random.pick([-5000, -50, 0, 50, 5000])
  return { ...one, eligibleByScheme: !random.chance(15), total: ((one.total ?? 0) % 1_000_000) + points, items }
}
