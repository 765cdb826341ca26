import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import t from 'tap'
import { type Applicant, applicant, population } from '../../src/cli/demo/population.ts'
import { bytes, Random, weighted } from '../../src/cli/demo/random.ts'
import type { Statement } from '../../src/cli/demo/statement.ts'
import { maskName } from '../../src/publishing/mask-name.ts'
import { readFacts } from '../../src/scoring/evidence/read-facts.ts'
import { readScheme } from '../../src/scoring/scheme/lint.ts'
import { scorer } from '../../src/scoring/score.ts'
import { readVocabulary } from '../../src/scoring/vocabulary.ts'
import { parseCitizenNumber } from '../../src/values/citizen-number.ts'
import { type DayNumber, parseDate } from '../../src/values/civil-date.ts'

const schemes = new URL('../../schemes/', import.meta.url)
const vocabulary = readVocabulary(readFileSync(new URL('vocabulary/1.yaml', schemes), 'utf8'))
const asOf = parseDate('2016-12-31') as DayNumber
const all = (seed: string, applicants: number): Applicant[] => [...population({ seed, applicants, asOf })]

/** The facts that count when a round is frozen: verified records of the kinds that some register answered. */
function frozenFacts(statements: readonly Statement[]): { [kind: string]: object[] } {
  const facts: { [kind: string]: object[] } = {}
  for (const { kind, source, state, record } of statements) {
    if (state === 'declared') continue
    facts[kind] ??= []
    if (state === 'verified' && record !== null) facts[kind].push({ ...record, source, state })
  }
  return facts
}

t.test('the same on every machine, in every order', async t => {
  const first = all('seed', 200)
  t.same(all('seed', 200), first)
  t.same(
    [199, 3, 120].map(index => applicant('seed', index, asOf)),
    [first[199], first[3], first[120]],
  )
  t.not(JSON.stringify(all('another', 200)), JSON.stringify(first))
  const digest = createHash('sha256').update(JSON.stringify(first)).digest('hex')
  t.equal(
    digest,
    '1c41ad4161650b9187f18b634b8e552e0564938f7b6786a3f7297c59077101ba',
    'changed on purpose? then the demo publishes another list: say so and write the new digest here',
  )
})

t.test('lazy, and can be walked twice', async t => {
  const many = population({ seed: 'seed', applicants: 5_000_000, asOf })
  const head = () => {
    for (const one of many) return one
    return undefined
  }
  t.same(head(), head())
  t.throws(() => population({ seed: 'seed', applicants: 5_000_001, asOf }), RangeError)
})

t.test('the numbers: valid, unique, nobody’s, and one with the evidence', async t => {
  const numbers = new Set<string>()
  const wrong: string[] = []
  for (const { citizenNumber, statements } of population({ seed: 'seed', applicants: 20_000, asOf })) {
    numbers.add(citizenNumber)
    const record = (kind: string) => statements.find(statement => statement.kind === kind)?.record
    const agrees =
      parseCitizenNumber(citizenNumber) === citizenNumber &&
      citizenNumber.startsWith('99') &&
      record('birth')?.date?.replaceAll('-', '') === citizenNumber.slice(6, 14) &&
      record('sex')?.sex === (Number(citizenNumber[16]) % 2 === 1 ? 'male' : 'female')
    if (!agrees) wrong.push(citizenNumber)
  }
  t.same(wrong, [])
  t.equal(numbers.size, 20_000)
})

t.test('every statement is evidence that the vocabulary takes, and none comes after the reference date', async t => {
  for (const day of ['2016-12-31', '2024-02-29', '2020-01-01']) {
    const date = parseDate(day) as DayNumber
    const late: Statement[] = []
    for (const { statements } of population({ seed: day, applicants: 2_000, asOf: date })) {
      const given: { [kind: string]: object[] } = {}
      for (const statement of statements) {
        const { kind, source, state, record } = statement
        given[kind] ??= []
        if (record === null) continue
        given[kind].push({ ...record, source, state: state === 'rejected' ? 'verified' : state })
        const begins = record.from ?? record.issued ?? record.date ?? ''
        if (begins > day) late.push(statement)
      }
      readFacts(vocabulary, given)
    }
    t.same(late, [], day)
  }
})

t.test('what an office sees: checks that lack, evidence only declared, evidence refused', async t => {
  const everyone = all('seed', 10_000)
  const kinds = new Set(everyone.flatMap(({ statements }) => statements.map(({ kind }) => kind)))
  const lacking = everyone.filter(({ statements }) => new Set(statements.map(({ kind }) => kind)).size < kinds.size).length
  const having = (state: Statement['state']) => everyone.filter(({ statements }) => statements.some(one => one.state === state)).length
  t.ok(lacking > 100 && lacking < 400, `${lacking} of 10,000 lack a check`)
  t.ok(having('declared') > 200 && having('declared') < 1_000, `${having('declared')} have something only declared`)
  t.ok(having('rejected') > 50 && having('rejected') < 500, `${having('rejected')} have something rejected`)
  t.ok(
    everyone.every(({ statements }) => statements.every(({ state, record }) => record !== null || state === 'verified')),
    'that a register holds nothing is always verified',
  )
})

t.test('names: masked by whole characters, some two-character surnames and rare characters', async t => {
  const names = all('seed', 20_000).map(({ name }) => name)
  const lengths = new Set(names.map(name => [...name].length))
  t.same([...lengths].sort(), [2, 3, 4])
  t.ok(names.some(name => name.startsWith('欧阳')))
  t.ok(names.some(name => [...name][0] === '𠮷'))
  t.ok(names.every(name => maskName(name).isWellFormed()))
  t.ok(new Set(names).size > 5_000, 'many names, and some of them shared')
})

t.test('by the model scheme: most are eligible, many totals, dense ties', async t => {
  const model = readScheme(readFileSync(new URL('model/2017/scheme.yaml', schemes), 'utf8'), () => vocabulary)
  const { score } = scorer(model, asOf)
  const outcomes = { yes: 0, no: 0, undetermined: 0 }
  const totals = new Map<number, number>()
  const gates = new Set<string>()
  for (const { statements } of population({ seed: '1', applicants: 20_000, asOf })) {
    const result = score(readFacts(vocabulary, frozenFacts(statements)))
    outcomes[result.eligible]++
    for (const reason of result.reasons) if ('gate' in reason && reason.code === 'gate-failed') gates.add(reason.gate)
    const total = result.totals[0]?.points
    if (result.eligible === 'yes' && typeof total === 'number') totals.set(total, (totals.get(total) ?? 0) + 1)
  }
  t.ok(outcomes.yes > 12_000 && outcomes.yes < 17_000, `${outcomes.yes} of 20,000 are eligible`)
  t.ok(outcomes.undetermined > 200 && outcomes.undetermined < 800, `${outcomes.undetermined} are undetermined`)
  t.ok(totals.size > 1_000, `${totals.size} totals`)
  t.ok(Math.max(...totals.values()) > 100, 'some totals are shared by many')
  t.same([...gates].sort(), ['insurance', 'noCrime', 'permit', 'workingAge'], 'every gate fails somebody (nobody is under 18)')
})

t.test('chance', async t => {
  t.equal(bytes('s', 'salt', 7, 70).length, 70)
  t.same(bytes('s', 'salt', 7, 70).subarray(0, 16), bytes('s', 'salt', 7, 16))
  t.notOk(bytes('s', 'salt', 7, 16).equals(bytes('s', 'salt', 8, 16)))
  t.notOk(bytes('s', 'salt', 7, 16).equals(bytes('s', 'pepper', 7, 16)))
  const random = new Random('s', 'test', 0)
  const table = weighted([
    ['a', 1],
    ['b', 0],
    ['c', 3],
  ])
  const drawn = { a: 0, b: 0, c: 0 } as Record<string, number>
  const dice = new Array(6).fill(0)
  for (let i = 0; i < 60_000; i++) {
    const side = random.pick(table)
    drawn[side] = (drawn[side] ?? 0) + 1
    dice[random.below(6)]++
  }
  t.equal(drawn.b, 0)
  t.ok(Math.abs((drawn.a ?? 0) / ((drawn.a ?? 0) + (drawn.c ?? 0)) - 0.25) < 0.02)
  t.ok(
    dice.every(count => Math.abs(count - 10_000) < 500),
    `six sides: ${dice}`,
  )
})
