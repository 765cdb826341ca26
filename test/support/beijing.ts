import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/*
 * The published list of Beijing's round of 2020, if it lies beside the checkout, and facts that explain each row. The list gives
 * points, so the facts are inverted from them: they show that the rules are right, not that these were the people's papers.
 */

const folder = new URL('../../../shared/data/', import.meta.url)
const items2020 = fileURLToPath(new URL('beijing-2020-published-items.csv', folder))
const list2018 = fileURLToPath(new URL('beijing-2018-published.csv', folder))

export type PublishedRow = { [column: string]: string }

/** The rows, or undefined where the list is not at hand. */
export function published2020(): PublishedRow[] | undefined {
  return existsSync(items2020) ? rows(items2020) : undefined
}

export function published2018(): PublishedRow[] | undefined {
  return existsSync(list2018) ? rows(list2018) : undefined
}

function rows(file: string): PublishedRow[] {
  const [head = '', ...lines] = readFileSync(file, 'utf8').trim().split(/\r?\n/)
  const names = head.replace(/^\uFEFF/, '').split(',')
  return lines.map(line => Object.fromEntries(line.split(',').map((field, i) => [names[i] as string, field])))
}

export const publishedItems = [
  'employment',
  'residence',
  'education',
  'education_overlap_deduction',
  'job_housing_area',
  'innovation',
  'tax',
  'age',
  'honour',
  'law',
] as const

/** Half-up to hundredths of n points-units/den, written apart from the engine on purpose. */
const hundredths = (n: bigint, den: bigint) => (200n * n + den) / (2n * den)

/** The facts of one row, verified, as of 2019-12-31. Months of insurance end in 2019-12; capped rows get more than the cap allows. */
export function factsOf(row: PublishedRow): { [kind: string]: object[] } {
  const verified = { source: 'register', state: 'verified' }
  const insured = Number(BigInt((row.employment as string).replace('.', '')) / 25n)
  const own = ownMonths(row, insured)
  const area = Number(row.job_housing_area)
  const [both, home] = areaYears[area] as [number, number]
  const taxYears = Number(row.tax) / 2
  const deducted = BigInt((row.education_overlap_deduction as string).replace(/[-.]/g, ''))
  const study = studyMonths(deducted, row.education as string)
  return {
    birth: [{ date: `${row.birth_year}-07-01`, ...verified }],
    sex: [{ sex: 'male', ...verified }],
    permit: [{ from: '2015-01-01', ...verified }],
    crime: [],
    insurance: [{ insurance: 'pension', payment: 'on-time', from: monthsBefore('2019-12', insured - 1), to: '2019-12', ...verified }],
    home: own === 0 ? [] : [{ tenure: 'own', from: monthsBefore('2019-12', own - 1), ...verified }],
    education: (certificates[row.education as string] as string[]).map(certificate => ({ certificate, issued: '2005-07-01', ...verified })),
    study: study === 0 ? [] : [{ from: monthsBefore('2019-12', study - 1), to: '2019-12', ...verified }],
    workArea: [
      ...(both === 0 ? [] : [{ moved: 'home-and-work', from: monthsBefore('2019-12', both * 12 - 1), ...verified }]),
      ...(home === 0
        ? []
        : [
            {
              moved: 'home',
              from: monthsBefore('2019-12', (both + home) * 12 - 1),
              to: both === 0 ? '2019-12' : monthsBefore('2019-12', both * 12),
              ...verified,
            },
          ]),
    ],
    innovation: (innovations[row.innovation as string] as string[]).map(achievement => ({ achievement, date: '2018-05-01', ...verified })),
    incomeTax: [2019, 2018, 2017].slice(0, taxYears).map(year => ({ amount: '100000.00', date: `${year}-12-01`, ...verified })),
    taxOffence: [],
    award:
      row.honour === '0.00'
        ? []
        : [
            { level: 'provincial', date: '2010-05-01', ...verified },
            { level: 'national', date: '2012-05-01', ...verified },
          ],
    detention: [],
  }
}

/** The one number of months in an own home that gives the published home points, with rent credited for the rest. */
function ownMonths(row: PublishedRow, insured: number): number {
  const wanted = BigInt((row.residence as string).replace('.', ''))
  for (let own = 0; own <= insured; own++) if (hundredths(BigInt(own), 12n) + hundredths(BigInt(insured - own), 24n) === wanted) return own
  throw new Error(`no months of home give ${row.residence}`)
}

/** The months of study whose deduction was published; for a deduction at its cap ten months more, so that the cap is needed. */
function studyMonths(deducted: bigint, education: string): number {
  for (let months = 0; months <= 48; months++)
    if (hundredths(BigInt(months) * 7n, 24n) === deducted) {
      const cap = education === '15.00' && months > 36 ? 48 : 36
      return months === cap ? cap + 10 : months
    }
  throw new Error(`no months of study give ${deducted}`)
}

/** Points of the area → years with home and work, and years with the home only, outside the six districts. */
const areaYears: { [points: number]: [number, number] } = { 0: [0, 0], 2: [0, 1], 3: [1, 0], 4: [0, 2], 5: [1, 1], 6: [2, 0] }

const certificates: { [points: string]: string[] } = {
  '0.00': [],
  '10.50': ['college'],
  '15.00': ['bachelor-diploma', 'bachelor-degree'],
  '26.00': ['bachelor-diploma', 'bachelor-degree', 'master-diploma', 'master-degree'],
  '37.00': ['master-diploma', 'master-degree', 'doctor-diploma', 'doctor-degree'],
}

const innovations: { [points: string]: string[] } = {
  '0.00': [],
  '2.00': ['science-9'],
  '3.00': ['contest-7', 'contest-8'],
  '4.00': ['funded-firm-middle'],
  '5.00': ['science-7'],
  '6.00': ['funded-firm-large'],
  '8.00': ['science-5', 'contest-5'],
  '9.00': ['science-4'],
  '10.00': ['science-3'],
  '11.00': ['science-2'],
  '12.00': ['science-1', 'contest-1', 'science-9'],
}

function monthsBefore(month: string, months: number): string {
  const number = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 - months
  return `${Math.floor(number / 12)}-${String((number % 12) + 1).padStart(2, '0')}`
}
