import { createHash } from 'node:crypto'
import t from 'tap'
import { gateInUnits } from '../../src/ranking/gate.ts'
import { lotSecretDigest } from '../../src/ranking/lot.ts'
import { type RoundRules, readRules } from '../../src/ranking/rules.ts'
import { claimText } from '../../src/round/claim.ts'
import type { PoolFigures, StoredStanding, VerifyContext } from '../../src/verifying/stored.ts'
import { decide } from '../support/oracle-ranking/ranking.ts'
import type { RoundOutcome } from '../support/oracle-ranking/rules.ts'
import { type Random, randomFrom } from '../support/random-facts.ts'
import { type RandomRound, randomRound, scale } from '../support/random-rounds/round.ts'
import { type Row, receiptOf, type StoredRound, sha256, verify } from './stored-run.ts'

/*
 * Random rounds decided by the oracle of the tests, stored, and given to the verifier, which shares code with neither the ranking nor the oracle.
 */

const items = ['work', 'study']
const digests = { scheme: 'sha256:5c', rules: 'sha256:4a', engine: 'engine 3', asOf: '2020-02-01' }
const rounds = 1000

function stored(round: RandomRound, outcome: RoundOutcome): StoredRound {
  const rules = readRules(round.text)
  const decided = new Map(outcome.applications.map(one => [one.publicNumber, one]))
  const pool = (name: string) => (rules.hasPools ? name : null)
  const rows = round.applications.map((one, i): Row => {
    const { chain = null, standing = null } = decided.get(one.publicNumber) ?? {}
    const household = one.household === null ? null : sha256(one.household)
    const claim = claimText({
      submittedAt: new Date(one.submittedAt).toISOString(),
      pool: one.pool,
      household: household?.toString('hex') ?? null,
      persons: one.persons,
    })
    const again = { eligible: standing ? 'yes' : 'no', total: one.total, items: items.map(id => one.items[id] ?? null), chain }
    const [document, salt, person] = [JSON.stringify({ ...again, i }), Buffer.alloc(16, i), sha256(`person ${i}`)]
    const digest = sha256(salt, person, document, claim)
    const entry = { ...again, pool: one.pool, household, persons: one.persons, receipt: null }
    return {
      application: i,
      publicNumber: one.publicNumber,
      pool: one.pool,
      household,
      persons: one.persons,
      person,
      frozen: { document, claim, salt, digest },
      entry: { ...entry, receipt: receiptOf(entry, digest, digests) },
      standing: standing && {
        ...standing,
        pool: pool(standing.pool),
        lot: standing.lot === null ? null : Buffer.from(standing.lot, 'hex'),
      },
    }
  })
  const byNumber = rows.toSorted((a, b) => Buffer.from(a.publicNumber as string).compare(Buffer.from(b.publicNumber as string)))
  const all = byNumber.reduce((hash, row) => hash.update(row.frozen?.digest as Uint8Array), createHash('sha256'))
  const inputsDigest = `sha256:${all.digest('hex')}`
  const figures = figuresOf(rules, rows, outcome)
  const lottery = round.lottery
  return {
    rows,
    context: {
      ...inWords(rules),
      ...{ schemeDigest: digests.scheme, rulesDigest: digests.rules, asOf: digests.asOf, inputsDigest },
      lotSecretDigest: lottery && lotSecretDigest(lottery.secret),
      hasClaims: true,
      frozenAt: ['2020-03-01T10:00:00.000Z'],
      enteredDraw: lottery && { heldOn: '2020-03-03', numbers: lottery.draw, enteredAt: '2020-03-03T10:00:00.000Z' },
      run: {
        applicants: rows.length,
        eligible: rows.filter(row => row.standing).length,
        admitted: rows.filter(row => row.standing?.outcome === 'first' || row.standing?.outcome === 'second').length,
        pools: figures,
        secondRound: outcome.secondRound,
        inputsDigest,
        lotSecret: lottery && Buffer.from(lottery.secret).toString('hex'),
        draw: lottery?.draw ?? null,
        engine: digests.engine,
      },
      sample: { seed: Buffer.alloc(16), size: 10 },
    },
  }
}

function figuresOf({ decides }: RoundRules, rows: Row[], { pools }: RoundOutcome): PoolFigures[] {
  if (decides === 'ranking')
    return pools.map(({ heads: _, ...pool }) => ({
      ...pool,
      eligible: rows.filter(row => row.standing && (row.pool ?? '') === pool.pool).length,
    }))
  const eligible = rows.filter(row => row.standing).length
  return [{ pool: '', places: null, eligible, admitted: eligible, admittedSecond: 0, unused: null, cutOff: null, atLine: 0 }]
}

type OfRules = 'decides' | 'hasPools' | 'unit' | 'order' | 'pools' | 'line' | 'straddle' | 'secondRound' | 'reserve' | 'items' | 'total'
function inWords(rules: RoundRules): Pick<VerifyContext, OfRules | 'atLeast' | 'zone' | 'drawForm' | 'rescore' | 'oracle'> {
  const { decides, hasPools, unit, pools, line, straddle, secondRound, reserve, zone } = rules
  return {
    ...{ decides, hasPools, unit, straddle, secondRound, reserve, zone },
    order: rules.order.map(key => ({
      names:
        key.key === 'total'
          ? 'total'
          : key.key === 'submission'
            ? { submission: key.to }
            : key.key === 'item'
              ? { item: items.indexOf(key.of) }
              : 'measure',
      direction: key.direction,
    })),
    pools: decides === 'score-line' ? [{ pool: '', places: 0, own: 0 }] : pools,
    line: line ?? 'admit-all',
    items: items.map(id => ({ id, scale })),
    total: { items: null, scale, rounding: 'none', floor: null },
    atLeast: gateInUnits(rules, scale),
    drawForm: line === 'lot' ? [{ count: 4, from: 1, to: 33, order: 'drawn' }] : null,
    rescore: document => JSON.parse(document),
    oracle: document => JSON.parse(document),
  }
}

function* roundsFrom(seed: number) {
  for (let one = seed; one < seed + rounds; one++) {
    const round = randomRound(one)
    // A score never leaves the safe integers: it would be refused.
    if (round.applications.every(({ total }) => total === null || Number.isSafeInteger(total))) yield { one, round }
  }
}

const decidedBy = ({ applications, rules, lottery }: RandomRound) => decide(applications, rules, lottery).outcome

t.test(`${rounds} random rounds that the oracle decided hold`, async t => {
  const seed = Date.now() % 2 ** 31
  t.comment(`seed ${seed}`)
  for (const { one, round } of roundsFrom(seed)) {
    const report = verify(stored(round, decidedBy(round)))
    if (!report.holds || report.setAside.length > 0) return t.fail(`seed ${one}: ${JSON.stringify(report)}\n${round.text}`)
  }
  t.pass('all hold')
})

t.test(`an alteration of a standing or a figure in ${rounds} random rounds is found`, async t => {
  const seed = Date.now() % 2 ** 31
  t.comment(`seed ${seed}`)
  let altered = 0
  for (const { one, round } of roundsFrom(seed)) {
    const run = stored(round, decidedBy(round))
    const before = JSON.stringify(run)
    const what = alter(randomFrom(one), run)
    if (JSON.stringify(run) === before) continue
    altered++
    const { holds, setAside } = verify(run)
    if (holds && setAside.length === 0) return t.fail(`seed ${one}: ${what} is not found\n${round.text}`)
  }
  t.ok(altered > rounds / 3, `${altered} were altered`)
})

/** Alters one thing; sometimes nothing, where there is nothing to alter. */
function alter(random: Random, { rows, context }: StoredRound): string {
  const standing = rows.flatMap(row => row.standing ?? [])
  const other = <T>(is: T, of: readonly T[]): T => random.pick(of.filter(one => one !== is))
  if (random.chance(25)) {
    const figures = random.pick(context.run.pools)
    const field = random.pick(['places', 'eligible', 'admitted', 'admittedSecond', 'unused', 'atLine'] as const)
    figures[field] = (figures[field] ?? 0) + 1
    return `another number of ${field}`
  }
  if (standing.length === 0) return 'nothing'
  const chosen = random.pick(standing)
  const fields: { [what: string]: () => void } = {
    outcome: () => {
      chosen.outcome = other(chosen.outcome, ['first', 'second', 'none', 'represented'])
    },
    rank: () => {
      chosen.rank = other(chosen.rank, [null, 1, 2, 3])
    },
    reserve: () => {
      chosen.reserve = other(chosen.reserve, [null, 1, 2])
    },
    lot: () => {
      chosen.lot = chosen.lot === null ? sha256('lot') : null
    },
    exchange: () => {
      const second = random.pick(standing)
      const kept: StoredStanding = { ...chosen }
      Object.assign(chosen, second)
      Object.assign(second, kept)
    },
  }
  const what = random.pick(Object.keys(fields))
  fields[what]?.()
  return what
}
