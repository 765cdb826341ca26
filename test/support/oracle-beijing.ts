import {
  Answers,
  all,
  any,
  between,
  coveredMonths,
  dayOf,
  exact,
  gained,
  halfUp,
  type Item,
  monthOf,
  type Outcome,
  outcome,
  type Rec,
  smaller,
  tenfold,
} from './oracle-calendar.ts'
import type { RawFacts } from './random-facts.ts'

/** Beijing's rules of 2020, written again from the rule text without the engine or the scheme. Hundredths of a point, in BigInt. */
export function beijing2020(facts: RawFacts, on: string): Outcome {
  const it = new Answers(facts, on)
  const year = Number(on.slice(0, 4))
  const pension = (payment: string) => (record: Rec) => record.insurance === 'pension' && record.payment === payment
  const insured = (least: string, most: string) => (records: readonly Rec[]) =>
    coveredMonths(records.filter(pension('on-time')), least, most < on ? most : on).size
  const homes = (tenures: string[], least: string, most: string) => (records: readonly Rec[]) =>
    coveredMonths(
      records.filter(record => tenures.includes(record.tenure as string)),
      least,
      most < on ? most : on,
    ).size
  const earliest = '1900-01'

  // Gates
  const permit = it.yes('permitHeld', 'permit', records =>
    records.some(({ from, to }) => dayOf(from as string) <= dayOf(on) && (to === undefined || dayOf(to as string) >= dayOf(on))),
  )
  const age = it.age('ageAtApplication', on)
  const sex = it.trait('sex', 'sex', 'sex')
  const post = it.trait('post', 'post', 'post')
  const only = (codes: string[] | undefined, code: string) => codes && new Set(codes).size === 1 && codes[0] === code
  const under = (years: number) => (age === undefined ? undefined : age < years)
  const workingAge = any(
    all(only(sex, 'male'), under(60)),
    all(only(sex, 'female'), under(50)),
    all(only(sex, 'female'), only(post, 'cadre'), under(55)),
  )
  const continuous = it.number('monthsInsuredContinuous', 'insurance', records => {
    const months = coveredMonths(records.filter(pension('on-time')), earliest, on)
    const late = coveredMonths(records.filter(pension('back-paid')), earliest, on)
    if (late.size <= 5) for (const month of late) months.add(month)
    let n = 0
    while (months.has(monthOf(on) - n)) n++
    return n
  })
  const crimes = it.number('crimes', 'crime', records => between(records, earliest, on).length)
  const gates = [
    permit,
    workingAge,
    continuous === undefined ? undefined : continuous >= 84,
    crimes === undefined ? undefined : crimes === 0,
  ]

  // Employment and home
  const months = it.number('monthsInsured', 'insurance', insured('1998-07', on))
  const before = it.number('monthsInsuredBeforeDeclaration', 'insurance', insured('1998-07', '2020-07'))
  const since = it.number('monthsInsuredSinceDeclaration', 'insurance', insured('2020-08', on))
  const own = it.number('monthsOwnHome', 'home', homes(['own'], earliest, on))
  const ownBefore = it.number('monthsOwnHomeBeforeDeclaration', 'home', homes(['own'], earliest, '2020-07'))
  const rent = it.number('monthsRentDeclared', 'home', homes(['rent', 'dormitory'], '2020-08', on))
  const both = (name: string, a: number | undefined, b: number | undefined, combine: (a: number, b: number) => number) =>
    it.attested(name) === undefined ? (a === undefined || b === undefined ? undefined : combine(a, b)) : Number(it.attested(name) as string)
  const ownCounted = both('monthsOwnHomeInsured', own, months, Math.min)
  const credited = both('monthsRentCredited', before, ownBefore, (a, b) => Math.max(0, a - b))
  const ownSince = it.number('monthsOwnHomeSinceDeclaration', 'home', homes(['own'], '2020-08', on))
  const notOwn = both('monthsInsuredNotOwnSinceDeclaration', since, ownSince, (a, b) => Math.max(0, a - b))
  const rentCounted = both('monthsRentDeclaredInsured', rent, notOwn, Math.min)
  const yearly = (n: number | undefined, den: bigint) => (n === undefined ? undefined : halfUp(BigInt(n) * 100n, den))

  // Education, and the study that was insured
  const held = it.codes('education', 'education', 'certificate')
  const has = (code: string) => held?.includes(code) === true
  const bachelorBoth = has('bachelor-diploma') && has('bachelor-degree')
  const doctor = has('doctor-diploma') || has('doctor-degree')
  const masterBoth = has('master-diploma') && has('master-degree')
  const education =
    has('doctor-diploma') && has('doctor-degree')
      ? 3700n
      : doctor || masterBoth
        ? 2600n
        : bachelorBoth || has('master-diploma') || has('master-degree')
          ? 1500n
          : has('bachelor-diploma') || has('bachelor-degree') || has('college')
            ? 1050n
            : 0n
  // Of the ways to 15 points the rule text names bachelor with degree first, and only that has 48 months.
  const cap = education === 1500n && bachelorBoth ? 1400n : 1050n
  const study = studyMonths()
  function studyMonths(): number | undefined {
    const value = it.attested('monthsStudyInsured')
    if (value !== undefined) return Number(value as string)
    const studied = facts.study && coveredMonths(facts.study, earliest, on)
    const paid = facts.insurance && coveredMonths(facts.insurance.filter(pension('on-time')), earliest, on)
    if (studied?.size === 0 || paid?.size === 0) return 0
    return studied && paid && [...studied].filter(month => paid.has(month)).length
  }
  const overlap = (): Item => {
    if (held !== undefined && education === 0n) return exact(0n)
    if (study === undefined) return null
    if (study === 0) return exact(0n)
    return held === undefined ? null : exact(-smaller(halfUp(BigInt(study) * 350n, 12n), cap))
  }

  // Home and work outside the six districts
  const areaFrom2018 = (moved: string[]) => (records: readonly Rec[]) =>
    coveredMonths(
      records.filter(record => moved.includes(record.moved as string)),
      '2018-01',
      on,
    ).size
  const movedHome = it.number('monthsMovedHome', 'workArea', areaFrom2018(['home', 'home-and-work']))
  const movedBoth = it.number('monthsMovedHomeAndWork', 'workArea', areaFrom2018(['home-and-work']))
  const stillThere = it.yes('livesMovedOut', 'workArea', records => coveredMonths(records, on.slice(0, 7), on).size > 0)
  const area = (): Item => {
    if (stillThere === false) return exact(0n)
    const years = (n: number | undefined, points: bigint) => (n === undefined ? undefined : BigInt(Math.floor(n / 12)) * points)
    const sum = gained(years(movedHome, 200n), years(movedBoth, 100n)) as { is: bigint; whole: boolean }
    const points = { is: smaller(sum.is, 1200n), whole: sum.whole || sum.is >= 1200n }
    if (stillThere === true) return points
    return points.whole && points.is === 0n ? exact(0n) : { is: 0n, whole: false }
  }

  // The rest
  const achievements = it.codes('innovations', 'innovation', 'achievement')
  const scales: { [family: string]: number[] } = {
    science: [12, 11, 10, 9, 8, 6, 5, 4, 2],
    contest: [12, 10, 9, 8, 6, 4, 3, 2, 1],
  }
  const achievementPoints = (code: string): number => {
    const firm = { 'funded-firm-large': 6, 'funded-firm-middle': 4, 'funded-firm-small': 2 }[code]
    const [family = '', grade = ''] = code.split('-')
    return firm ?? scales[family]?.[Number(grade) - 1] ?? 0
  }
  const innovation = achievements && BigInt(Math.max(0, ...achievements.map(achievementPoints))) * 100n
  const taxYears = it.number(
    'taxYears',
    'incomeTax',
    records =>
      [year - 2, year - 1, year].filter(
        one =>
          between(records, `${one}-01-01`, one === year ? on : `${one}-12-31`).reduce(
            (sum, record) => sum + tenfold(record.amount as string, 2),
            0,
          ) >= 10_000_000,
      ).length,
  )
  const fiveYears = (records: readonly Rec[]) => between(records, `${year - 4}-01-01`, on).length
  const taxOffences = it.number('taxOffences', 'taxOffence', fiveYears)
  const detentions = it.number('detentions', 'detention', fiveYears)
  const taxGain = taxYears === undefined ? undefined : smaller(BigInt(taxYears) * 200n, 600n)
  const ageThen = it.age('age', `${year}-01-01`)
  const ageTable: { [age: number]: bigint } = { 46: 1600n, 47: 1200n, 48: 800n, 49: 400n }
  const honours = it.number(
    'honours',
    'award',
    records => between(records, earliest, on).filter(({ level }) => level === 'national' || level === 'provincial').length,
  )

  return outcome(gates, {
    employment: gained(months === undefined ? undefined : BigInt(months) * 25n),
    residence: gained(yearly(ownCounted, 12n), yearly(credited, 24n), yearly(rentCounted, 24n)),
    education: gained(held && education),
    education_overlap_deduction: overlap(),
    job_housing_area: area(),
    innovation: gained(innovation),
    tax: taxOffences === undefined ? null : gained(taxGain, -BigInt(taxOffences) * 1200n),
    age: gained(ageThen === undefined ? undefined : ageThen <= 45 ? 2000n : (ageTable[ageThen] ?? 0n)),
    honour: gained(honours === undefined ? undefined : honours > 0 ? 2000n : 0n),
    law: detentions === undefined ? null : exact(-BigInt(detentions) * 3000n),
  })
}
