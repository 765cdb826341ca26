import { parseDate } from '../values/civil-date.ts'
import { at, type Fault } from '../values/refusal.ts'
import type { RulesSource } from './rules-schema.ts'

/** So many numbers can be entered of a draw. */
export const mostDrawnNumbers = 100
/** What a count of the database holds. */
const mostPlaces = 999_999_999

/** Every fault of round rules that their shape cannot show: names that are not declared, impossible days, and what needs or rules out what. */
export function rulesFaults(document: RulesSource): Fault[] {
  return [
    ...storedRulesFaults(document),
    ...missingDraw(document),
    ...idleDraw(document),
    ...tooManyPlaces(document),
    ...pastTerm(document),
  ]
}

/** The same of rules that a round is bound to: lots were once drawn by a secret alone, and such rounds are still read. */
export function storedRulesFaults(document: RulesSource): Fault[] {
  return [
    ...sourceFaults(document),
    ...(document.scoreLine ? scoreLineFaults(document) : rankingFaults(document)),
    ...settlementFaults(document),
    ...zoneFaults(document),
    ...dateFaults(document),
  ]
}

function fault(code: string, pointer: string, message: string): Fault {
  return { code, pointer, message }
}

/** Wherever a source stands it names one that is declared. */
function sourceFaults({ sources, ...parts }: RulesSource): Fault[] {
  const faults: Fault[] = []
  const visit = (part: unknown, pointer: string) => {
    if (typeof part !== 'object' || part === null) return
    for (const [name, value] of Object.entries(part)) {
      if (name !== 'source') visit(value, at(pointer, name))
      else if (!Object.hasOwn(sources, value.ref))
        faults.push(fault('unknown-name', `${pointer}/source/ref`, `source "${value.ref}" is not declared under /sources`))
    }
  }
  visit(parts, '')
  return faults
}

/** Where a score line decides nobody is ranked, so nothing that ranks or fills places has a meaning. */
function scoreLineFaults(document: RulesSource): Fault[] {
  const ranking = ['order', 'quota', 'line', 'gate', 'straddle', 'reserve'] as const
  return ranking
    .filter(part => document[part] !== undefined)
    .map(part => fault('wrong-choice', `/${part}`, `a score line decides here and nobody is ranked: take out "${part}" or "scoreLine"`))
}

function rankingFaults(document: RulesSource): Fault[] {
  const missing = (['order', 'quota'] as const)
    .filter(part => document[part] === undefined)
    .map(part =>
      fault('missing-field', '', `"${part}" is missing: a ranking needs "order", "quota" and "line"; without one give "scoreLine"`),
    )
  return [...missing, ...orderFaults(document), ...quotaFaults(document), ...lineFaults(document), ...straddleFaults(document)]
}

function orderFaults({ order = [] }: RulesSource): Fault[] {
  const faults: Fault[] = []
  const seen = new Set<string>()
  for (const [i, { key, of, to }] of order.entries()) {
    const pointer = `/order/${i}`
    const takesOf = key === 'item' || key === 'measure' || key === 'date'
    if (!takesOf && of !== undefined) {
      const remedy = key === 'total' ? '/total says which total it is' : 'it is the time of the application'
      faults.push(fault('unknown-field', `${pointer}/of`, `the key ${key} takes no "of": ${remedy}`))
    }
    if (takesOf && of === undefined)
      faults.push(fault('missing-field', pointer, `"of" is missing: name the ${key === 'item' ? 'item' : 'measure'} to order by`))
    if (key !== 'submission' && to !== undefined)
      faults.push(
        fault('unknown-field', `${pointer}/to`, `the key ${key} takes no "to": only a submission is taken to the day or to the moment`),
      )
    if (key === 'submission' && to === undefined)
      faults.push(
        fault(
          'missing-field',
          pointer,
          '"to" is missing: say whether the day of the application decides or its moment (to: day, to: moment)',
        ),
      )
    // Such a key can never break a tie, so it is a slip. Equal moments have equal days.
    const what = `${key} ${of ?? to ?? ''}`
    if (seen.has(what) || (what === 'submission day' && seen.has('submission moment')))
      faults.push(fault('order-key-twice', pointer, 'an earlier key orders by the same value; remove one'))
    seen.add(what)
  }
  return faults
}

function quotaFaults({ quota }: RulesSource): Fault[] {
  if (quota === undefined) return []
  const { pools = [], carriedOver, secondRound } = quota
  const faults = carriedOverFaults('/quota', carriedOver)
  const seen = new Set<string>()
  for (const [i, { pool, carriedOver }] of pools.entries()) {
    const pointer = `/quota/pools/${i}`
    if (seen.has(pool)) faults.push(fault('pool-twice', `${pointer}/pool`, `an earlier pool has the name "${pool}"; give each its own`))
    seen.add(pool)
    faults.push(...carriedOverFaults(pointer, carriedOver))
  }
  if (quota.pools === undefined && secondRound !== undefined)
    faults.push(
      fault('wrong-choice', '/quota/secondRound', 'a second round is held over pools, and there are none: give "pools" or take it out'),
    )
  if (quota.pools !== undefined && carriedOver !== undefined)
    faults.push(fault('wrong-choice', '/quota/carriedOver', 'places are carried over into a pool: write this in the pool that they go to'))
  return faults
}

function carriedOverFaults(pointer: string, carriedOver: readonly { from: string }[] = []): Fault[] {
  const seen = new Set<string>()
  return carriedOver.flatMap(({ from }, i) => {
    const twice = seen.has(from)
    seen.add(from)
    const message = `places of the round "${from}" are carried over already; write them together`
    return twice ? [fault('round-twice', `${pointer}/carriedOver/${i}/from`, message)] : []
  })
}

/** Whatever the keys are, two applicants may be equal in all of them, and then the last place is nobody's. */
function lineFaults({ order, line }: RulesSource): Fault[] {
  if (!line) {
    if (!order) return []
    const message =
      'the order can end undecided: say under "line" what holds for those who are equal at the quota: {rule: admit-all}, {rule: admit-none} or {rule: lot}'
    return [fault('undecided-order', '/order', message)]
  }
  const { rule, draw } = line
  if (rule !== 'lot' && draw !== undefined)
    return [fault('wrong-choice', '/line/draw', `no lot is drawn under the rule ${rule}: take "draw" out, or write rule: lot`)]
  return (draw?.numbers ?? []).flatMap(({ count, from, to, order }, i) => {
    const pointer = `/line/draw/numbers/${i}`
    const many = Number(to) - Number(from) + 1
    if (many < 1) return [fault('impossible-range', pointer, `no number is from ${from} to ${to}; write the smaller one under "from"`)]
    if (order === 'ascending' && Number(count) > many)
      return [
        fault(
          'impossible-count',
          `${pointer}/count`,
          `from ${from} to ${to} there are only ${many} different numbers; write fewer, or order: drawn`,
        ),
      ]
    return []
  })
}

function missingDraw({ line }: RulesSource): Fault[] {
  if (line?.rule !== 'lot' || line.draw !== undefined) return []
  const message = '"draw" is missing: name the series of public draws that decides the lots, and what a result of it looks like'
  return [fault('missing-field', '/line', message)]
}

/** A result is entered by hand, and must be one of many: what has one result alone decides nothing. */
function idleDraw({ line }: RulesSource): Fault[] {
  const numbers = line?.draw?.numbers
  if (numbers === undefined) return []
  const pointer = '/line/draw/numbers'
  const count = numbers.reduce((sum, part) => sum + Number(part.count), 0)
  if (count > mostDrawnNumbers)
    return [fault('too-many', pointer, `a result has ${count} numbers; name a series whose results have at most ${mostDrawnNumbers}`)]
  const isFixed = numbers.every(({ count, from, to, order }) => {
    const many = Number(to) - Number(from) + 1
    return many === 1 || (order === 'ascending' && Number(count) === many)
  })
  return isFixed ? [fault('draw-decides-nothing', pointer, 'only one result is possible; write the numbers of a series that has many')] : []
}

/** Places are added up, over pools and earlier rounds. */
function tooManyPlaces({ quota }: RulesSource): Fault[] {
  if (quota === undefined) return []
  const { places = '0', carriedOver = [], pools = [] } = quota
  const all = [{ places, carriedOver }, ...pools.map(({ places, carriedOver = [] }) => ({ places, carriedOver }))]
  const sum = all.flatMap(one => [one.places, ...one.carriedOver.map(({ places }) => places)]).reduce((sum, one) => sum + Number(one), 0)
  return sum > mostPlaces ? [fault('too-many', '/quota', `these are ${sum} places in all; at most ${mostPlaces} can be counted`)] : []
}

function pastTerm({ asOf, settlement }: RulesSource): Fault[] {
  const [day, until] = [asOf, settlement?.until].map(text => (text === undefined ? undefined : parseDate(text)))
  if (day === undefined || until === undefined || until > day) return []
  return [fault('term-too-early', '/settlement/until', `the last day to settle is not after the reference date ${asOf}; write a later one`)]
}

function straddleFaults({ quota, straddle }: RulesSource): Fault[] {
  if (quota === undefined) return []
  if (quota.unit === 'persons' && straddle === undefined) {
    const message =
      '"straddle" is missing: a household may be larger than the places that are left; say what holds: {rule: all-in}, {rule: none} or {rule: next-smaller}'
    return [fault('missing-field', '', message)]
  }
  if (quota.unit !== 'persons' && straddle !== undefined)
    return [
      fault('wrong-choice', '/straddle', `with the unit ${quota.unit} each takes one place and none is too large: take "straddle" out`),
    ]
  return []
}

/** Whoever is called up after the day for all has a term of its own. */
function settlementFaults({ settlement, reserve }: RulesSource): Fault[] {
  if (settlement === undefined) return []
  const { until, calledUp } = settlement
  const pointer = '/settlement/calledUp'
  if (calledUp === undefined)
    return until !== undefined && reserve !== undefined
      ? [
          fault(
            'missing-field',
            '/settlement',
            '"calledUp" is missing: who is called up from the reserve list may be so after that day; give {within: …}',
          ),
        ]
      : []
  if (until === undefined) return [fault('wrong-choice', pointer, '"within" holds for those who are called up too: take "calledUp" out')]
  if (reserve === undefined)
    return [fault('wrong-choice', pointer, 'nobody is called up without a reserve list: give "reserve" or take this out')]
  return []
}

/** Days are those of a zone; without one nobody could say when they begin. */
function zoneFaults({ zone, line, order = [], settlement }: RulesSource): Fault[] {
  if (zone !== undefined) return []
  const needing = [
    ...(line?.draw ? ['/line/draw'] : []),
    ...order.flatMap(({ key, to }, i) => (key === 'submission' && to === 'day' ? [`/order/${i}`] : [])),
    ...(settlement ? ['/settlement'] : []),
  ]
  if (needing.length === 0) return []
  return [fault('missing-field', '', `"zone" is missing: ${needing.join(', ')} speaks of days; say whose, such as zone: "+08:00"`)]
}

function dateFaults({ asOf, settlement }: RulesSource): Fault[] {
  const dates = [
    { pointer: '/asOf', date: asOf },
    { pointer: '/settlement/until', date: settlement?.until },
  ]
  return dates
    .filter(({ date }) => date !== undefined && parseDate(date) === undefined)
    .map(({ pointer }) => fault('impossible-date', pointer, 'there is no such day; write a date as YYYY-MM-DD'))
}
