import {
  Answers,
  all,
  any,
  between,
  coveredDays,
  coveredMonths,
  dayOf,
  exact,
  fullMonths,
  gained,
  type Item,
  type Outcome,
  outcome,
  plusMonths,
  type Rec,
  smaller,
  tenfold,
  textOf,
} from './oracle-calendar.ts'
import type { RawFacts } from './random-facts.ts'

/** The model scheme of 2017, written again from its rules in words without the engine. Hundredths of a point, in BigInt. */
export function model2017(facts: RawFacts, on: string): Outcome & { residentSince: string | undefined } {
  const it = new Answers(facts, on)
  const today = dayOf(on)
  const yearsBack = (years: number) => textOf(plusMonths(today, -12 * years) + 1)
  const onTime = (records: readonly Rec[]) => records.filter(({ insurance, payment }) => insurance === 'pension' && payment === 'on-time')

  // Gates
  const permit = it.yes('permitHeld', 'permit', records => coveredDays(records, today).at(-1)?.to === today)
  const age = it.age('ageAtApplication', on)
  const under = (years: number) => (age === undefined ? undefined : age < years)
  const sex = it.trait('sex', 'sex', 'sex')
  const post = it.trait('post', 'post', 'post')
  const only = (codes: string[] | undefined, code: string) => codes && new Set(codes).size === 1 && codes[0] === code
  const workingAge = any(
    all(only(sex, 'male'), under(60)),
    all(only(sex, 'female'), under(50)),
    all(only(sex, 'female'), only(post, 'cadre'), under(55)),
  )
  const insured = it.number('monthsInsured', 'insurance', records => coveredMonths(onTime(records), '1900-01', on).size)
  const paysNow = it.yes('insuredNow', 'insurance', records => coveredMonths(onTime(records), on, on).size === 1)
  const crimes = it.number('crimes', 'crime', records => between(records, '1900-01-01', on).length)
  const gates = [
    permit,
    age === undefined ? undefined : age >= 16,
    workingAge,
    all(insured === undefined ? undefined : insured >= 12, paysNow),
    crimes === undefined ? undefined : crimes === 0,
  ]

  // The six factors
  const best = (codes: string[] | undefined, table: { [code: string]: number }) =>
    codes && BigInt(Math.max(0, ...codes.map(code => table[code] ?? 0))) * 100n
  const education = best(it.codes('education', 'education', 'certificate'), {
    'senior-secondary': 5,
    college: 10,
    'bachelor-diploma': 20,
    'bachelor-degree': 20,
    'master-diploma': 40,
    'master-degree': 40,
    'doctor-diploma': 50,
    'doctor-degree': 50,
  })
  const skill = best(it.codes('skills', 'skill', 'grade'), {
    'senior-title': 50,
    'level-1': 40,
    'middle-title': 20,
    'level-2': 20,
    'level-3': 20,
    'level-4': 10,
    'junior-title': 5,
  })
  const resident = it.number('monthsResident', 'residence', records => {
    let next = today + 1
    let months = 0
    for (const { from, to } of coveredDays(records, today).reverse()) {
      if (plusMonths(to + 1, 3) < next) break
      months += fullMonths(from, to + 1)
      next = from
    }
    return months
  })
  const worked = it.number('monthsEmployed', 'employment', records =>
    coveredDays(records, today).reduce((sum, { from, to }) => sum + fullMonths(from, to + 1), 0),
  )
  const attestedYears = it.attested('wholeYearsEmployed')
  const years = attestedYears === undefined ? (worked === undefined ? undefined : Math.floor(worked / 12)) : Number(attestedYears as string)

  // Social contribution, in five years
  const added = (measure: string, kind: string, field: string, scale: number) =>
    it.number(
      measure,
      kind,
      records => between(records, yearsBack(5), on).reduce((sum, record) => sum + tenfold(record[field] as string, scale), 0),
      scale,
    )
  const capped = (amount: number | undefined, points: (amount: bigint) => bigint) =>
    amount === undefined ? undefined : smaller(points(BigInt(amount)), 1000n)
  const honours = it.codes('honourLevels', 'award', 'level')
  const contributions = [
    capped(added('volunteerHours', 'volunteering', 'hours', 1), tenths => (tenths * 200n) / 500n),
    capped(added('bloodDonated', 'bloodDonation', 'volume', 0), millilitres => (millilitres / 200n) * 200n),
    capped(added('moneyDonated', 'donation', 'amount', 2), cents => (cents / 100_000n) * 200n),
    best(honours, { national: 30, provincial: 20, city: 10, county: 5 }),
  ]
  const contribution = gained(...contributions) as { is: bigint; whole: boolean }
  const caps = [1000n, 1000n, 1000n, 3000n]
  const couldGive = contributions.reduce<bigint>((sum, part, i) => sum + (part ?? (caps[i] as bigint)), 0n)
  const social: Item = { is: smaller(contribution.is, 4000n), whole: contribution.whole || contribution.is >= 4000n }

  // Deductions
  const detentions = it.number('detentions', 'detention', records => between(records, yearsBack(3), on).length)
  const offences = it.number('taxOffences', 'taxOffence', records => between(records, yearsBack(5), on).length)

  const since = it.attested('residentSince') as string | undefined
  const first = (facts.residence ?? [])
    .map(({ from }) => from as string)
    .filter(from => dayOf(from) <= today)
    .sort()[0]
  const missed = (value: unknown, most: bigint) => (value === undefined ? most : 0n)
  const most =
    missed(education, 5000n) +
    missed(skill, 5000n) +
    missed(resident, 3000n) +
    missed(years, 6000n) +
    missed(insured, 3000n) +
    (social?.whole ? 0n : smaller(couldGive, 4000n) - contribution.is) -
    (detentions === undefined || offences === undefined ? BigInt(detentions ?? 0) * 1000n + BigInt(offences ?? 0) * 1200n : 0n)
  return {
    ...outcome(
      gates,
      {
        education: gained(education),
        skill: gained(skill),
        residence: gained(resident === undefined ? undefined : smaller(BigInt(resident) * 25n, 3000n)),
        work: gained(years === undefined ? undefined : smaller(BigInt(years) * (years < 5 ? 400n : 600n), 6000n)),
        insurance: gained(insured === undefined ? undefined : smaller(BigInt(insured) * 50n, 3000n)),
        socialContribution: social,
        conduct: detentions === undefined || offences === undefined ? null : exact(-BigInt(detentions) * 1000n - BigInt(offences) * 1200n),
      },
      0n,
      most,
    ),
    residentSince: since ?? first,
  }
}
