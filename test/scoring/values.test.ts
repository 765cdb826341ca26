import fc from 'fast-check'
import t from 'tap'
import { Temporal } from 'temporal-polyfill'
import { canonicalJson, type Json } from '../../src/values/canonical-json.ts'
import { checkCharacter, parseCitizenNumber } from '../../src/values/citizen-number.ts'
import {
  addMonths,
  firstDayOf,
  formatDate,
  formatMonth,
  lastDayOf,
  type MonthEnd,
  monthOf,
  parseDate,
  parseMonth,
  wholeMonthsBetween,
  yearOf,
} from '../../src/values/civil-date.ts'
import { formatDecimal, OutOfRange, parseDecimal, plus, times } from '../../src/values/decimal.ts'
import { digestOf, digestOfText } from '../../src/values/digest.ts'
import {
  add,
  compare,
  decimalsOf,
  divide,
  formatRational,
  lcm,
  multiply,
  parseFigure,
  type Rational,
  reduce,
} from '../../src/values/rational.ts'
import { type RoundingMode, roundingModes, roundQuotient } from '../../src/values/rounding.ts'

const seed = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))
t.comment(`seed ${seed} (TEST_SEED gives the same run)`)
fc.configureGlobal({ seed, numRuns: 2000 })

const epoch = Temporal.PlainDate.from('1970-01-01')
const temporal = (day: number) => epoch.add({ days: day })
const dayOfTemporal = (date: Temporal.PlainDate) => epoch.until(date, { largestUnit: 'days' }).days
const anyDay = fc.integer({ min: parseDate('1000-01-01') as number, max: parseDate('9000-12-31') as number })
// Days at the ends of months, where the two rules differ.
const lateDay = fc
  .tuple(fc.integer({ min: 1600, max: 2400 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 3 }))
  .map(([year, month, back]) => lastDayOf(year * 12 + month - 1) - back)
const someDay = fc.oneof(anyDay, lateDay)
const monthEnd = fc.constantFrom<MonthEnd>('last-day', 'next-day')

/** The date so many months later by Temporal, under either rule. */
function monthsLater(day: number, months: number, rule: MonthEnd): number {
  const date = temporal(day)
  const clamped = date.add({ months }, { overflow: 'constrain' })
  return dayOfTemporal(clamped) + (clamped.day < date.day && rule === 'next-day' ? 1 : 0)
}

t.test('civil dates are those of Temporal', async () => {
  fc.assert(
    fc.property(someDay, day => {
      const date = temporal(day)
      return (
        formatDate(day) === date.toString() &&
        parseDate(date.toString()) === day &&
        yearOf(day) === date.year &&
        monthOf(day) === date.year * 12 + date.month - 1 &&
        formatMonth(monthOf(day)) === date.toPlainYearMonth().toString() &&
        parseMonth(date.toPlainYearMonth().toString()) === monthOf(day) &&
        firstDayOf(monthOf(day)) === dayOfTemporal(date.with({ day: 1 })) &&
        lastDayOf(monthOf(day)) === dayOfTemporal(date.with({ day: date.daysInMonth }))
      )
    }),
  )
})

t.test('months are added and counted as Temporal does, under both rules', async () => {
  fc.assert(
    fc.property(someDay, fc.integer({ min: -6000, max: 6000 }), monthEnd, (day, months, rule) => {
      fc.pre(yearOf(day) * 12 + months > 12_012)
      return addMonths(day, months, rule) === monthsLater(day, months, rule)
    }),
  )
  fc.assert(
    fc.property(lateDay, fc.integer({ min: 0, max: 1500 }), monthEnd, (from, days, rule) => {
      const months = wholeMonthsBetween(from, from + days, rule)
      return monthsLater(from, months, rule) <= from + days && monthsLater(from, months + 1, rule) > from + days
    }),
  )
})

t.test('both rules at the end of a month', async t => {
  const day = (text: string) => parseDate(text) as number
  for (const [from, months, last, next] of [
    ['2019-01-31', 1, '2019-02-28', '2019-03-01'],
    ['2020-01-31', 1, '2020-02-29', '2020-03-01'],
    ['2020-02-29', 12, '2021-02-28', '2021-03-01'],
    ['2020-02-29', 48, '2024-02-29', '2024-02-29'],
    ['2020-03-31', -1, '2020-02-29', '2020-03-01'],
    ['2020-12-31', 2, '2021-02-28', '2021-03-01'],
  ] as const) {
    t.equal(formatDate(addMonths(day(from), months, 'last-day')), last, `${from} and ${months} months, last day`)
    t.equal(formatDate(addMonths(day(from), months, 'next-day')), next, `${from} and ${months} months, next day`)
  }
  t.equal(wholeMonthsBetween(day('2019-01-31'), day('2019-02-28'), 'last-day'), 1)
  t.equal(wholeMonthsBetween(day('2019-01-31'), day('2019-02-28'), 'next-day'), 0)
  t.equal(wholeMonthsBetween(day('2019-01-31'), day('2019-03-01'), 'next-day'), 1)
})

t.test('what is no date is not read', async t => {
  for (const text of [
    '2019-02-29',
    '1900-02-29',
    '2019-04-31',
    '2019-00-10',
    '2019-13-01',
    '2019-01-00',
    '2019-01-32',
    '0999-12-31',
    '2019-1-01',
    '20190101',
    '2019-01-01T00:00',
    ' 2019-01-01',
    '２０１９-01-01',
    '',
  ])
    t.equal(parseDate(text), undefined, JSON.stringify(text))
  t.not(parseDate('2000-02-29'), undefined)
  for (const text of ['2019-13', '2019-00', '2019-1', '2019', '0999-12', '2019-01-01']) t.equal(parseMonth(text), undefined, text)
})

const most = Number.MAX_SAFE_INTEGER
// Integers of every size, and those at the edge of the safe ones.
const integer = fc.oneof(
  fc.integer({ min: -1000, max: 1000 }),
  fc.maxSafeInteger(),
  fc.integer({ min: 0, max: 50 }).map(n => most - n),
  fc.integer({ min: 0, max: 50 }).map(n => n - most),
)
const positive = integer.map(n => Math.max(1, Math.abs(n)))
/** What BigInt says, or OutOfRange where that is no safe integer. */
const safely = (n: bigint): number | 'out' => (n > BigInt(most) || n < -BigInt(most) ? 'out' : Number(n))
const attempt = (work: () => number): number | 'out' => {
  try {
    return work()
  } catch (error) {
    if (error instanceof OutOfRange) return 'out'
    throw error
  }
}

t.test('decimals', async t => {
  fc.assert(
    fc.property(integer, fc.integer({ min: 0, max: 9 }), (value, scale) => {
      const text = formatDecimal(value, scale)
      const [whole = '', fraction = ''] = text.replace('-', '').split('.')
      const read = BigInt(whole + fraction) * (text.startsWith('-') ? -1n : 1n)
      return read === BigInt(value) && fraction.length === scale && (whole.length > 15 || parseDecimal(text, scale) === value)
    }),
  )
  fc.assert(fc.property(integer, integer, (a, b) => attempt(() => times(a, b)) === safely(BigInt(a) * BigInt(b))))
  fc.assert(fc.property(integer, integer, (a, b) => attempt(() => plus(a, b)) === safely(BigInt(a) + BigInt(b))))
  for (const [text, scale, value] of [
    ['97.13', 2, 9713],
    ['-0.5', 1, -5],
    ['5', 2, 500],
    ['5.10', 1, 51],
    ['5.11', 1, undefined],
    ['90071992547409.91', 2, most],
    ['-90071992547409.91', 2, -most],
    ['90071992547409.92', 2, undefined],
    ['999999999999999', 9, undefined],
    ['1e3', 0, undefined],
    ['+1', 0, undefined],
    ['.5', 1, undefined],
    ['5.', 1, undefined],
    ['', 0, undefined],
    [' 1', 0, undefined],
    ['١', 0, undefined],
    ['1,000', 0, undefined],
  ] as const)
    t.equal(parseDecimal(text, scale), value, `"${text}" at ${scale}`)
  t.ok(Object.is(parseDecimal('-0.00', 2), 0), 'there is no negative zero')
  t.throws(() => formatDecimal(2 ** 53, 0), RangeError)
})

t.test('rationals', async t => {
  const rational: fc.Arbitrary<Rational> = fc
    .tuple(fc.integer({ min: -(2 ** 31), max: 2 ** 31 }), fc.integer({ min: 1, max: 2 ** 20 }))
    .map(([num, den]) => reduce(num, den))
  const big = ({ num, den }: Rational) => [BigInt(num), BigInt(den)] as const
  const same = (r: Rational | 'out', num: bigint, den: bigint) =>
    r === 'out' || (BigInt(r.num) * den === num * BigInt(r.den) && r.den > 0 && reduce(r.num, r.den).den === r.den && !Object.is(r.num, -0))
  const attempted = (work: () => Rational) => {
    try {
      return work()
    } catch (error) {
      if (error instanceof OutOfRange) return 'out'
      throw error
    }
  }
  let out = 0
  const counted = (r: Rational | 'out') => {
    if (r === 'out') out++
    return r
  }
  fc.assert(
    fc.property(rational, rational, (a, b) => {
      const [[an, ad], [bn, bd]] = [big(a), big(b)]
      return (
        same(counted(attempted(() => add(a, b))), an * bd + bn * ad, ad * bd) &&
        same(counted(attempted(() => multiply(a, b))), an * bn, ad * bd) &&
        (bn === 0n || same(counted(attempted(() => divide(a, b))), bn < 0n ? -an * bd : an * bd, ad * (bn < 0n ? -bn : bn)))
      )
    }),
  )
  t.ok(out < 3000, `${out} of 6000 results were out of range`)
  const small = fc.tuple(fc.integer({ min: -9999, max: 9999 }), fc.integer({ min: 1, max: 999 })).map(([n, d]) => reduce(n, d))
  fc.assert(
    fc.property(small, small, (a, b) => {
      const difference = BigInt(a.num) * BigInt(b.den) - BigInt(b.num) * BigInt(a.den)
      const sign = (n: number | bigint) => (n < 0 ? -1 : n > 0 ? 1 : 0)
      return sign(compare(a, b)) === sign(difference)
    }),
  )
  t.equal(
    attempt(() => lcm(most, most - 1)),
    'out',
  )
  t.same(parseFigure('3.50'), { num: 7, den: 2 })
  t.same(parseFigure('-0.00'), { num: 0, den: 1 })
  for (const text of ['3.', '.5', '1e2', '', '3,5', '9999999999999999', '0.0000000001']) t.equal(parseFigure(text), undefined, `"${text}"`)
  t.equal(decimalsOf({ num: 7, den: 40 }), 3)
  t.equal(decimalsOf({ num: 1, den: 12 }), undefined)
  t.equal(formatRational({ num: -49, den: 24 }), '-49/24')
  t.equal(formatRational({ num: -49, den: 20 }), '-2.45')
  t.equal(formatRational({ num: 3, den: 1 }), '3')
})

/** The rounding in BigInt, from the definitions. */
function rounded(num: bigint, den: bigint, mode: RoundingMode): bigint {
  const floor = num >= 0n ? num / den : -((-num + den - 1n) / den)
  const twice = 2n * (num - floor * den)
  if (twice === 0n || mode === 'floor') return floor
  if (mode === 'ceiling' || twice > den) return floor + 1n
  if (twice < den) return floor
  return (mode === 'half-up' ? num > 0n : floor % 2n !== 0n) ? floor + 1n : floor
}

t.test('rounding', async t => {
  fc.assert(
    fc.property(integer, positive, fc.constantFrom(...roundingModes), (num, den, mode) => {
      const result = roundQuotient(num, den, mode)
      return BigInt(result) === rounded(BigInt(num), BigInt(den), mode) && !Object.is(result, -0)
    }),
    { numRuns: 10_000 },
  )
  // Ties, which random quotients seldom are.
  fc.assert(
    fc.property(
      fc.integer({ min: -(2 ** 30), max: 2 ** 30 }),
      fc.integer({ min: 1, max: 2 ** 20 }),
      fc.constantFrom(...roundingModes),
      (n, half, mode) => {
        const [num, den] = [(2 * n + 1) * half, 2 * half]
        return BigInt(roundQuotient(num, den, mode)) === rounded(BigInt(num), BigInt(den), mode)
      },
    ),
  )
  for (const [num, den, up, even, floor, ceiling] of [
    [5, 2, 3, 2, 2, 3],
    [-5, 2, -3, -2, -3, -2],
    [7, 2, 4, 4, 3, 4],
    [-1, 3, 0, 0, -1, 0],
    [most, 2, 2 ** 52, 2 ** 52, 2 ** 52 - 1, 2 ** 52],
    [most, most - 1, 1, 1, 1, 2],
  ] as const)
    for (const [mode, wanted] of [
      ['half-up', up],
      ['half-even', even],
      ['floor', floor],
      ['ceiling', ceiling],
    ] as const)
      t.equal(roundQuotient(num, den, mode), wanted, `${num}/${den} ${mode}`)
})

t.test('canonical JSON', async t => {
  t.equal(
    canonicalJson({ b: [1, true, null], a: 'x"\n\u00e9\u4e2d', '\u{1f600}': 0, '\ufb33': -5 }),
    '{"a":"x\\"\\né中","b":[1,true,null],"😀":0,"\ufb33":-5}',
  )
  const json = fc.jsonValue({ maxDepth: 4 }).filter(value => onlyIntegers(value as Json)) as fc.Arbitrary<Json>
  const reversed = (value: Json): Json =>
    Array.isArray(value)
      ? value.map(reversed)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([name, part]) => [name, reversed(part)]),
          )
        : value
  fc.assert(
    fc.property(json, value => {
      const text = canonicalJson(value)
      return (
        canonicalJson(JSON.parse(text) as Json) === text &&
        canonicalJson(reversed(value)) === text &&
        digestOf(value) === digestOfText(text)
      )
    }),
    { numRuns: 500 },
  )
  for (const value of [1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '\ud800', { '\udc00': 1 }])
    t.throws(() => canonicalJson(value as Json), RangeError, String(value))
  // FIPS 180-4, the message "abc".
  t.equal(digestOfText('abc'), 'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})

function onlyIntegers(value: Json): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value) && !Object.is(value, -0)
  if (typeof value === 'string') return value.isWellFormed()
  return (
    typeof value !== 'object' ||
    value === null ||
    Object.entries(value).every(([name, part]) => name !== '__proto__' && name.isWellFormed() && onlyIntegers(part as Json))
  )
}

t.test('citizen identity numbers', async t => {
  // The two examples printed in GB 11643-1999.
  t.equal(parseCitizenNumber('11010519491231002X'), '11010519491231002X')
  t.equal(parseCitizenNumber('440524188001010014'), '440524188001010014')
  t.equal(parseCitizenNumber(' 11010519491231002x '), '11010519491231002X', 'x is X, spaces around are dropped')
  for (const [text, why] of [
    ['110105194912310021', 'wrong check character'],
    ['11010519491331002X', 'month 13'],
    ['01010519491231002X', 'no place begins with 0'],
    ['1101054912310', 'fifteen digits or fewer'],
    ['11010519491231002Y', 'a letter that is none'],
    ['', 'nothing'],
  ] as const)
    t.equal(parseCitizenNumber(text), undefined, why)
  const noDay = '11010519490230002'
  t.equal(parseCitizenNumber(noDay + checkCharacter(noDay)), undefined, 'a 30 February is refused even with a right check character')
  // MOD 11-2 finds every single wrong digit.
  const number = fc
    .tuple(
      fc.integer({ min: 110000, max: 659999 }),
      fc.integer({ min: parseDate('1900-01-01') as number, max: parseDate('2020-12-31') as number }),
      fc.integer({ min: 0, max: 999 }),
    )
    .map(([place, day, order]) => `${place}${formatDate(day).replaceAll('-', '')}${String(order).padStart(3, '0')}`)
  fc.assert(
    fc.property(number, fc.integer({ min: 0, max: 16 }), fc.integer({ min: 1, max: 9 }), (digits, at, change) => {
      const wrong = digits.slice(0, at) + ((Number(digits[at]) + change) % 10) + digits.slice(at + 1)
      const check = checkCharacter(digits)
      return parseCitizenNumber(digits + check) === digits + check && parseCitizenNumber(wrong + check) === undefined
    }),
  )
})
