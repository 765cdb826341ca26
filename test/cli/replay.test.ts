import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { readFacts } from '../../src/scoring/evidence/read-facts.ts'
import { type Receipt, receiptOf } from '../../src/scoring/receipt.ts'
import { readScheme } from '../../src/scoring/scheme/lint.ts'
import { scorer } from '../../src/scoring/score.ts'
import { day, vocabularyOf } from '../support/cases.ts'
import { quillmere } from '../support/quillmere.ts'
import { home, points } from './processes.ts'

const facts = {
  birth: [{ date: '1960-01-01' }],
  insurance: [{ insurance: 'pension', payment: 'on-time', from: '2024-07', to: '2026-06' }],
  duckKeeping: [{ date: '2027-04-01', plumage: 'tealwing', hatched: '3' }],
}
const scheme = readScheme(quillmere('2027').source, vocabularyOf)
const asOf = day('2027-06-30')
const receipt: Receipt = receiptOf(
  scheme,
  asOf,
  facts,
  scorer(scheme, asOf).score(readFacts(scheme.vocabulary, facts)),
  '00112233445566778899aabbccddeeff',
)

t.test('points replay', async t => {
  const folder = await home(t)
  const [file, first] = [join(folder, 'scheme.yaml'), join(folder, 'first.yaml')]
  await writeFile(file, quillmere('2027').source)
  await writeFile(first, quillmere('2026').source)
  const replay = async (lines: readonly (object | string)[], by = file) => {
    const input = lines.map(line => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('')
    const { code, out, err } = await points(['replay', '--scheme', by], {}, input)
    const answers = out
      .split('\n')
      .slice(0, -1)
      .map(line => JSON.parse(line))
    return { code, answers, err }
  }
  const engine = { receipt: receipt.engine, now: receipt.engine }
  const equal = { id: 'a', equal: true, difference: null, engine }
  t.same(await replay([{ id: 'a', receipt, facts }]), { code: 0, answers: [equal], err: '' })

  const item = { ...receipt, items: { ...receipt.items, wetland: '8.00' } }
  const more = { ...facts, duckKeeping: [] }
  const { code, answers } = await replay([
    { id: 'item', receipt: item, facts },
    { id: 'facts', receipt, facts: more },
    { id: 'a', receipt, facts },
    { id: 'date', receipt: { ...receipt, asOf: '2027-02-29' }, facts },
    { id: 'form', receipt: { ...receipt, asOf: 1, x: 1 }, facts },
    { id: 'kind', receipt, facts: { horoscope: [] } },
    '{"id":"broken"',
    { receipt, facts },
  ])
  t.equal(code, 1)
  t.match(answers, [
    { id: 'item', equal: false, difference: { pointer: '/items/wetland', receipt: '8.00', now: '6.00' } },
    { id: 'facts', equal: false, difference: { pointer: '/facts/digest', receipt: receipt.facts.digest, now: /^sha256:/ } },
    equal,
    { id: 'date', line: 4, error: { code: 'impossible-date', pointer: '/receipt/asOf' } },
    { id: 'form', line: 5, error: { code: 'unknown-field', pointer: '/receipt/x' }, more: [{ pointer: '/receipt/asOf' }] },
    { id: 'kind', line: 6, error: { code: 'unknown-kind', pointer: '/facts/horoscope' } },
    { id: null, line: 7, error: { code: 'invalid-json' } },
    { id: null, line: 8, error: { code: 'missing-field' } },
  ])
  t.match(await replay([{ id: 'a', receipt, facts: { ...facts, duckKeeping: undefined } }], first), {
    code: 1,
    answers: [{ equal: false, difference: { pointer: '/scheme/version', receipt: '2027', now: '2026' } }],
  })
  const nowhere = await points(['replay', '--scheme', join(folder, 'nowhere.yaml')])
  t.match(nowhere, { code: 2, out: '', err: /there is no file .*nowhere\.yaml/ })
  t.match(await points(['replay']), { code: 2, out: '', err: /--scheme/ })
})

t.test('a receipt of points score is scored again', async t => {
  const folder = await home(t)
  const file = join(folder, 'scheme.yaml')
  await writeFile(file, quillmere('2027').source)
  const by = ['--scheme', file]
  const scored = await points(['score', ...by, '--as-of', '2027-06-30', '--receipt'], {}, `${JSON.stringify({ id: 'a', facts })}\n`)
  const { receipt: given, items } = JSON.parse(scored.out)
  t.same(given.items, items)
  t.not(given.facts.salt, receipt.facts.salt, 'each receipt has a salt of its own')
  const replayed = await points(['replay', ...by], {}, `${JSON.stringify({ id: 'a', receipt: given, facts })}\n`)
  t.match(JSON.parse(replayed.out), { id: 'a', equal: true })
})
