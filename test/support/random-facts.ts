import type { KindDefinition, MeasureDefinition, Vocabulary } from '../../src/scoring/vocabulary.ts'

/*
 * Random facts of every kind that the vocabulary knows, as a sender would write them. Dates and amounts crowd around the edges at which
 * rules change: ends of months, windows, full thousands. The same seed gives the same facts.
 */

export type RawFacts = { [kind: string]: { [field: string]: string | string[] }[] }
export type Random = { below(n: number): number; pick<T>(list: readonly T[]): T; chance(percent: number): boolean }

/** A small generator (mulberry32): its numbers are the same on every machine. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return (t ^ (t >>> 14)) >>> 0
  }
  const below = (n: number) => Math.floor((next() / 2 ** 32) * n)
  return { below, pick: list => list[below(list.length)] as never, chance: percent => below(100) < percent }
}

export function randomFacts(vocabulary: Vocabulary, random: Random): RawFacts {
  const facts: RawFacts = {}
  for (const kind of vocabulary.kinds.values()) {
    if (random.chance(8)) continue // missing
    const most = kind.shape === 'trait' || kind.name === 'birth' ? 1 : random.pick([1, 1, 2, 3, 5])
    const rare = ['crime', 'taxOffence', 'detention'].includes(kind.name)
    const records = random.chance(rare ? 75 : 12) ? 0 : most + (random.chance(2) ? 1 : 0)
    facts[kind.name] = Array.from({ length: records }, () => randomRecord(kind, random))
  }
  if (random.chance(50)) Object.assign(facts, tidyLife(random))
  if (random.chance(25)) {
    const measures = [...vocabulary.measures.values()]
    const attested = new Map<string, RawFacts[string][number]>()
    for (let i = 0; i < 3; i++) {
      const measure = random.pick(measures)
      attested.set(measure.name, { measure: measure.name, value: randomValue(vocabulary, measure, random) })
    }
    facts.attested = [...attested.values()]
  }
  return facts
}

/** Evidence with which gates are passed, or just missed: of wholly random facts hardly any would be eligible. */
function tidyLife(random: Random): RawFacts {
  const month = (back: number) => {
    const number = 2019 * 12 + 11 - back
    return `${Math.floor(number / 12)}-${String((number % 12) + 1).padStart(2, '0')}`
  }
  const pension = (payment: string, from: number, to: number) => ({ insurance: 'pension', payment, from: month(from), to: month(to) })
  const start = random.pick([82, 83, 83, 84, 119, 120, 200])
  const late = random.pick([0, 4, 5, 5, 6])
  const lateFrom = 10 + random.below(60)
  return {
    birth: [{ date: `${1958 + random.below(45)}-0${1 + random.below(9)}-${10 + random.below(19)}` }],
    permit: [{ from: '2010-05-01' }],
    crime: [],
    insurance: [
      pension('on-time', start, lateFrom + 1),
      ...(late === 0 ? [] : [pension('back-paid', lateFrom, lateFrom - late + 1)]),
      pension('on-time', lateFrom - late, -random.pick([0, 24])),
    ],
  }
}

function randomRecord(kind: KindDefinition, random: Random): RawFacts[string][number] {
  const record: RawFacts[string][number] = {}
  for (const [name, attribute] of kind.attributes) {
    if (attribute.codes) record[name] = mostOften(kind.name, [...attribute.codes.keys()], random)
    else record[name] = randomAmount(attribute.unit?.name ?? '', random)
  }
  const [one, other] = [randomDate(kind, random), randomDate(kind, random)].sort() as [string, string]
  const ends = !random.chance(kind.name === 'permit' || kind.name === 'insurance' ? 60 : 35)
  switch (kind.shape) {
    case 'span': {
      const cut = kind.grain === 'month' ? 7 : 10
      return { ...record, from: one.slice(0, cut), ...(ends && { to: other.slice(0, cut) }) }
    }
    case 'certificate':
      return { ...record, issued: one, ...(ends && random.chance(30) && { expires: other }) }
    case 'event':
      return { ...record, date: one }
    case 'trait':
      return record
  }
}

/** Codes that most rules ask for come up more often, so that gates are passed and points are given. */
function mostOften(kind: string, codes: readonly string[], random: Random): string {
  const usual: { [kind: string]: string[] } = {
    insurance: ['pension', 'on-time'],
    home: ['own', 'rent'],
    workArea: ['home', 'home-and-work'],
  }
  const found = codes.filter(code => usual[kind]?.includes(code))
  return found.length > 0 && random.chance(75) ? random.pick(found) : random.pick(codes)
}

function randomDate(kind: KindDefinition, random: Random): string {
  if (kind.name !== 'birth' && random.chance(15)) return random.pick(edges)
  const year = kind.name === 'birth' ? 1950 + random.below(56) : random.chance(25) ? 1994 + random.below(30) : 2005 + random.below(16)
  const month = 1 + random.below(12)
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate()
  const day = random.chance(30) ? last : random.chance(20) ? 1 : 1 + random.below(last)
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

const edges = [
  '1998-06-30',
  '1998-07-01',
  '2011-12-31',
  '2012-01-01',
  '2012-02-29',
  '2013-12-31',
  '2014-01-01',
  '2014-12-31',
  '2015-01-01',
  '2016-02-29',
  '2016-09-30',
  '2016-10-01',
  '2016-12-31',
  '2017-01-01',
  '2017-12-31',
  '2018-01-01',
  '2019-11-30',
  '2019-12-31',
  '2020-02-29',
  '2020-07-31',
  '2020-08-01',
]

function randomAmount(unit: string, random: Random): string {
  switch (unit) {
    case 'yuan':
      return random.pick([
        () => random.pick(['100000.00', '99999.99', '100000.01', '50000', '1000', '999.99', '5000.00', '0.01', '0']),
        () => `${random.below(8000)}.${String(random.below(100)).padStart(2, '0')}`,
        () => String(random.below(250_000)),
      ])()
    case 'hours':
      return `${random.below(random.pick([10, 60, 300]))}.${random.below(10)}`
    default:
      return String(random.pick([random.below(1500), 200, 199, 400]))
  }
}

function randomValue(vocabulary: Vocabulary, measure: MeasureDefinition, random: Random): string | string[] {
  switch (measure.unit.name) {
    case 'codes': {
      const codes = [...vocabulary.codes]
      const plausible = codes.filter(code => lists[measure.name]?.test(code))
      return [...new Set(Array.from({ length: random.below(4) }, () => random.pick(plausible.length > 0 ? plausible : codes)))]
    }
    case 'yes-no':
      return random.pick(['yes', 'no'])
    case 'date':
      return `20${10 + random.below(10)}-0${1 + random.below(9)}-${10 + random.below(19)}`
    case 'years':
      return String(random.below(70))
    case 'records':
      return String(random.pick([0, 0, 1, 2]))
    case 'months':
      return String(random.pick([random.below(20), random.below(300), 83, 84, 120, 121]))
    default:
      return randomAmount(measure.unit.name, random)
  }
}

const lists: { [measure: string]: RegExp } = {
  sex: /^(fe)?male$/,
  post: /^(worker|cadre)$/,
  education: /^(senior-secondary|college|.*-(diploma|degree))$/,
  skills: /^(level-\d|.*-title)$/,
  honourLevels: /^(national|provincial|city|county)$/,
  innovations: /^(science|contest|funded)-/,
}
