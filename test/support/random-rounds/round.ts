import { headsOf } from '../oracle-ranking/heads.ts'
import type { Application, Key, Lottery, OracleRules, Pool } from '../oracle-ranking/rules.ts'
import { type Random, randomFrom } from '../random-facts.ts'
import { rulesText } from './rules-text.ts'

/** A round with its rules, as plain data and as the text of a rules document, and the applications as they were scored. */
export type RandomRound = {
  seed: number
  rules: OracleRules
  /** The whole document, for readRules. */
  text: string
  /** Under the line rule `lot`. */
  lottery: Lottery | null
  applications: Application[]
}

export const scale = 2
const items = ['work', 'study'] as const
const measures = ['monthsInsured', 'yearsHere'] as const
const dates = ['residentSince'] as const

/** The same seed gives the same round. */
export function randomRound(seed: number): RandomRound {
  const random = randomFrom(seed)
  // A busy round has everything that makes a second round end in more than one way; left to chance alone it would be rare.
  const busy = random.chance(45)
  const size = busy ? 15 + random.below(26) : random.chance(4) ? 0 : random.chance(5) ? 200 + random.below(101) : random.below(41)
  const rules = randomRules(random, busy)
  const applications = randomApplications(random, rules, size, busy)
  rules.pools = givePlaces(random, rules, applications)
  const lottery = rules.line === 'lot' && rules.scoreLine === null ? randomLottery(random) : null
  return { seed, rules, text: rulesText(rules), lottery, applications }
}

function randomRules(random: Random, busy: boolean): OracleRules {
  const byScoreLine = !busy && random.chance(10)
  const unit = byScoreLine
    ? 'applicants'
    : busy && random.chance(85)
      ? 'persons'
      : random.pick(['applicants', 'households', 'persons'] as const)
  const hasPools = busy || (!byScoreLine && random.chance(60))
  const order = byScoreLine ? [] : randomOrder(random)
  const line = random.pick(['admit-all', 'admit-none', 'lot', 'lot'] as const)
  const secondRound =
    hasPools && (busy || random.chance(60))
      ? {
          percent: busy ? random.pick(['33.333333333', '50', '100', '100']) : random.pick(['0', '10', '12.5', '50', '100']),
          rounding: random.pick(['down', 'up'] as const),
          atRoom: random.pick(['admit-none', 'admit-all'] as const),
        }
      : null
  const names = hasPools
    ? ['shiqi', 'xiaolan', 'east', 'west', 'guzhen', 'arts'].slice(0, busy ? 2 + random.below(3) : 1 + random.below(6))
    : ['']
  const needsZone = !byScoreLine && (line === 'lot' || order.some(key => key.key === 'submission' && key.to === 'day'))
  return {
    scoreLine: byScoreLine ? random.pick(['0', '1', '-0.5', '1.01']) : null,
    gate: !byScoreLine && random.chance(busy ? 10 : 30) ? random.pick(['-1', '0', '0.5', '1.01']) : null,
    order,
    unit,
    hasPools,
    pools: byScoreLine ? [] : names.map(pool => ({ pool, places: 0, carriedOver: [] })),
    secondRound,
    line,
    straddle: unit === 'persons' ? random.pick(['all-in', 'all-in', 'none', 'next-smaller'] as const) : null,
    reserve: !byScoreLine && random.chance(60) ? random.pick([0, 1, 2, 3, 5, 50]) : null,
    zone: needsZone || random.chance(10) ? random.pick(['+08:00', '+08:00', '-03:30', '+00:00']) : null,
  }
}

function randomOrder(random: Random): Key[] {
  const direction = () => random.pick(['asc', 'desc', 'desc'] as const)
  const all: Key[] = [
    { key: 'total', direction: direction() },
    ...items.map((of): Key => ({ key: 'item', of, direction: direction() })),
    ...measures.map((of): Key => ({ key: 'measure', of, direction: direction() })),
    ...dates.map((of): Key => ({ key: 'date', of, direction: direction() })),
    { key: 'submission', to: 'day', direction: direction() },
    { key: 'submission', to: 'moment', direction: direction() },
  ]
  const order: Key[] = []
  for (let keys = 1 + random.below(6); keys > 0; keys--) {
    const [key] = all.splice(random.below(all.length), 1) as [Key]
    order.push(key)
    // The day says nothing more after the moment.
    const day = all.findIndex(other => other.key === 'submission' && other.to === 'day')
    if (key.key === 'submission' && day >= 0) all.splice(day, 1)
  }
  return order
}

type Values = Pick<Application, 'total' | 'items' | 'measures' | 'submittedAt'>

function randomApplications(random: Random, rules: OracleRules, size: number, busy: boolean): Application[] {
  const spread = 1 + random.below(4)
  // With few sets of values ties are dense whatever the number of keys.
  const sets = Array.from({ length: 1 + random.below(1 + Math.ceil(size / (busy ? 4 : 2))) }, () => randomValues(random, spread))
  const ineligible = busy ? 0 : random.pick([0, 0, 0, 5, 30, 100])
  const tied = random.pick(busy ? [20, 90] : [70])
  const unknown = busy ? 0 : random.pick([0, 0, 0, 10])
  const households = 1 + random.below(1 + Math.ceil(size / 2))
  const poolOf = Array.from({ length: households }, () => randomPool(random, rules))
  return Array.from({ length: size }, (_, i): Application => {
    const values = random.chance(tied) ? random.pick(sets) : randomValues(random, spread)
    const household = rules.unit !== 'applicants' && random.chance(60) ? random.below(households) : null
    return {
      publicNumber: `${random.pick(['京', 'A', '𠮷', '\uffee'])}${i}${'é'.repeat(i % 3)}`,
      eligibleByScheme: !random.chance(ineligible),
      total: random.chance(unknown) ? null : values.total,
      items: { ...values.items },
      measures: Object.fromEntries(Object.entries(values.measures).map(([name, value]) => [name, random.chance(unknown) ? null : value])),
      submittedAt: values.submittedAt,
      pool: household === null ? randomPool(random, rules) : (poolOf[household] as string | null),
      household: household === null ? null : `h${household}`,
      persons: rules.unit === 'persons' ? random.pick([1, 1, 2, 2, 3, 4, 1 + random.below(9), 1 + random.below(9)]) : null,
    }
  })
}

function randomPool(random: Random, { hasPools, pools }: OracleRules): string | null {
  return hasPools ? random.pick(pools).pool : null
}

/** Few different values; now and then the ends of the safe integers. */
function randomValues(random: Random, spread: number): Values {
  const value = () => (random.chance(1) ? random.pick([-1, 1]) * Number.MAX_SAFE_INTEGER : random.below(spread) - Math.floor(spread / 2))
  const total = random.chance(1) ? value() : value() * random.pick([1, 50, 50, 50, 101])
  // Around a midnight of China, of UTC and of a zone that is no whole hour, and a day before.
  const midnight = Date.UTC(2026, 10, 27, random.pick([16, 0, 3]), random.pick([0, 30]))
  return {
    total,
    items: Object.fromEntries(items.map(id => [id, value()])),
    measures: Object.fromEntries([...measures.map(name => [name, value()]), ...dates.map(name => [name, 16_495 + random.below(spread)])]),
    submittedAt: midnight + random.pick([0, 0, -1, 1, -86_400_000]),
  }
}

/** Places: none, few, about as many as are asked for, too many; before a second round one pool leaves a few, and the others lack some. */
function givePlaces(random: Random, rules: OracleRules, applications: Application[]): Pool[] {
  const heads = headsOf(applications, rules)
  const leaves = rules.secondRound && random.chance(85) ? random.pick(rules.pools).pool : null
  return rules.pools.map(({ pool }) => {
    const asked = heads.filter(head => head.pool === pool).reduce((sum, { weight }) => sum + weight, 0)
    const few = () => random.below(asked + 1)
    const lacking = () => Math.ceil(asked / random.pick([2, 2, 2, 3]))
    const places =
      leaves === null
        ? random.pick([0, few(), few(), few(), random.below(2 * asked + 3), 10 * asked])
        : pool === leaves
          ? asked + random.below(random.pick([3, 6, 12]))
          : lacking()
    const carriedOver = random.chance(20) ? Array.from({ length: 1 + random.below(2) }, () => random.below(4)) : []
    return { pool, places, carriedOver }
  })
}

function randomLottery(random: Random): Lottery {
  const secret = Buffer.from(Array.from({ length: 16 + random.below(17) }, () => random.below(256)))
  return { secret, draw: [3, 17, 29, 1 + random.below(16)].join(',') }
}
