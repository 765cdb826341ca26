import type { Amendment, Edition, EditionEntry, EditionLine, EditionPool, ReserveEntry } from '../publishing/edition.ts'
import { maskName } from '../publishing/mask-name.ts'
import { formatKeyValue, type OrderKey } from '../ranking/order-keys.ts'
import { listDraws } from '../store/draws.ts'
import { decryptName } from '../store/persons.ts'
import { listedPlaces, lotsOfRun, publicAmendments, type WaitingPlace, waitingPlaces } from '../store/places.ts'
import type { StoredRound } from '../store/rounds.ts'
import { listRunPools, type RunPool } from '../store/run-pools.ts'
import type { Run } from '../store/runs.ts'
import { formatDecimal } from '../values/decimal.ts'
import type { Office } from './office.ts'
import type { Judge } from './standing.ts'

/** What is published: a run of a round, in which the pools that do not hold are set aside with the codes of what was found. */
export type Published = { round: StoredRound; run: Run; judge: Judge; setAside: ReadonlyMap<string, string[]> }

/** What an edition says, without who seals it, when and why. */
export type Content = Omit<Edition, 'kind' | 'edition' | 'supersedes' | 'reason' | 'sealedAt' | 'sealedBy'>

/** Reads the list of a round as it stands now, with all figures of its run. */
export async function contentOf(office: Office, db: Office['db'], published: Published): Promise<Content> {
  const { round, run, judge, setAside } = published
  const { rules, scheme } = judge
  const key = { authority: round.authority, round: round.round, run: run.run }
  const pools = rules.pools.length > 0 ? rules.pools.map(one => one.pool).filter(pool => !setAside.has(pool)) : ['']
  const figures = new Map((await listRunPools(db, key)).map(one => [one.pool, one]))
  const held = pools.flatMap(pool => figures.get(pool) ?? [])
  const waiting = rules.reserve === null ? undefined : await waitingPlaces(db, key)
  const amendments = await amendmentsOf(db, key)
  return {
    format: 2,
    authority: round.authority,
    round: round.round,
    asOf: round.as_of,
    scheme: { scheme: scheme.scheme, version: scheme.version, digest: scheme.digest },
    rules: { rules: rules.name, digest: round.rules_digest },
    inputs: run.inputs_digest,
    run: run.run,
    counts: countsOf(run, judge, held, setAside),
    ...(amendments.length > 0 ? { amendments } : {}),
    ...(rules.decides === 'score-line' ? { scoreLine: rules.gateAtLeast as string } : {}),
    ...(rules.decides === 'ranking' ? ranked(published, held, waiting) : {}),
    ...(rules.line === null ? {} : { line: await lineOf(db, published, pools) }),
    entries: (await listedPlaces(db, key, pools)).map(
      ({ rank, public_number, name_encrypted, person, total, pool, through }): EditionEntry => ({
        rank,
        publicNumber: public_number,
        name: maskName(decryptName(office.keys, round.authority, person, name_encrypted)),
        total: formatDecimal(total, totalScale(judge)),
        ...(rules.hasPools ? { pool } : {}),
        ...(through === null ? {} : { through }),
      }),
    ),
  }
}

/** Figures of the pools that hold; where none is set aside they are those of the run. */
function countsOf({ applicants, eligible, admitted }: Run, { rules }: Judge, held: readonly RunPool[], setAside: Published['setAside']) {
  const sum = (figure: (pool: RunPool) => number) => held.reduce((total, pool) => total + figure(pool), 0)
  const atLine = sum(pool => pool.at_line)
  if (!rules.hasPools || setAside.size === 0) return { applicants, eligible: eligible as number, admitted: admitted as number, atLine }
  return { applicants, eligible: sum(pool => pool.eligible), admitted: sum(pool => pool.admitted + pool.admitted_second), atLine }
}

/** What an edition says of ranks and places, where these decide. */
function ranked(published: Published, held: readonly RunPool[], waiting: readonly WaitingPlace[] | undefined): Partial<Content> {
  const { judge, run, setAside } = published
  const { rules } = judge
  const quota = rules.document.quota as NonNullable<typeof rules.document.quota>
  const sources = new Map(quota.pools?.map(pool => [pool.pool, pool]))
  const nameOf = (pool: string) => sources.get(pool)?.name as EditionPool['name']
  const ofPool = waiting && Map.groupBy(waiting, one => one.pool)
  const reserveOf = (pool: string) => {
    const places = ofPool && (ofPool.get(pool) ?? [])
    return places
      ? { reserve: places.map(({ reserve, public_number }): ReserveEntry => ({ number: reserve, publicNumber: public_number })) }
      : {}
  }
  const { secondRound } = rules
  const second = run.second_round
  return {
    order: rules.order.map(key => ({ key: keyText(key), direction: key.direction })),
    quota: {
      ...(rules.hasPools ? {} : { places: rules.pools[0]?.places as number, ...carriedOver(quota) }),
      unit: rules.unit,
      decision: quota.decision,
      capacityBasis: quota.capacityBasis,
    },
    ...(rules.straddle === null ? {} : { straddle: rules.straddle }),
    ...(rules.hasPools
      ? {
          pools: held.map(
            (one): EditionPool => ({
              pool: one.pool,
              name: nameOf(one.pool),
              places: one.places as number,
              ...carriedOver(sources.get(one.pool) ?? {}),
              eligible: one.eligible,
              admitted: one.admitted,
              admittedSecond: one.admitted_second,
              unused: one.unused as number,
              cutOff: chainTexts(one.cut_off, judge),
              atLine: one.at_line,
              ...reserveOf(one.pool),
            }),
          ),
        }
      : { cutOff: chainTexts(held[0]?.cut_off ?? null, judge), ...reserveOf('') }),
    ...(setAside.size > 0 ? { setAside: [...setAside].map(([pool, reason]) => ({ pool, name: nameOf(pool), reason })) } : {}),
    ...(secondRound && second
      ? { secondRound: { ...secondRound, places: second.places, cutOff: chainTexts(second.cutOff, judge), atLine: second.atLine } }
      : {}),
  }
}

function carriedOver({ carriedOver }: { carriedOver?: readonly { places: string; from: string }[] }) {
  return carriedOver ? { carriedOver: carriedOver.map(({ places, from }) => ({ places: Number(places), from })) } : {}
}

function keyText(key: OrderKey): string {
  if (key.key === 'total') return 'total'
  return `${key.key}:${key.key === 'submission' ? key.to : key.of}`
}

async function lineOf(db: Office['db'], { round, run, judge }: Published, pools: readonly string[]): Promise<EditionLine> {
  const rule = judge.rules.line as EditionLine['rule']
  if (rule !== 'lot') return { rule }
  const draws = await listDraws(db, round.authority, round.round)
  const lots = await lotsOfRun(db, { authority: round.authority, round: round.round, run: run.run }, pools)
  return {
    rule,
    secret: run.lot_secret as string,
    secretDigest: round.lot_secret_digest as string,
    draws: draws.map(({ name, held_on, numbers }) => ({ name, heldOn: held_on, numbers })),
    lots: lots.map(({ public_number, lot, placed }) => ({ publicNumber: public_number, lot: lot.toString('hex'), placed })),
  }
}

/** Everything that editions have changed since the run, by edition. */
async function amendmentsOf(db: Office['db'], { authority, round }: { authority: string; round: string }): Promise<Amendment[]> {
  const amendments = new Map<number, Amendment>()
  for (const { edition, before, after, decision, ground } of await publicAmendments(db, authority, round)) {
    const kind = decision === null ? 'call-up' : 'correction'
    const of = decision === null ? {} : { decision, ground: ground as NonNullable<Amendment['ground']> }
    const one = amendments.get(edition) ?? { edition, kind, added: [], removed: [], changed: [], ...of }
    amendments.set(edition, one)
    if (before !== null && before === after) one.changed.push(after)
    else {
      if (before !== null) one.removed.push(before)
      if (after !== null) one.added.push(after)
    }
  }
  return [...amendments.values()]
}

/** A chain as people read it, in the order of the keys; null if there is none. */
export function chainTexts(chain: readonly number[] | null, judge: Judge): string[] | null {
  return chain?.map((value, i) => formatKeyValue(value, judge.units[i] as (typeof judge.units)[number])) ?? null
}

export function totalScale(judge: Judge): number {
  return judge.scheme.totals[judge.total]?.scale as number
}
