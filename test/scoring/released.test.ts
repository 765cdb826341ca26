import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { documentsIn, type Ledger, readLedger } from '../../src/cli/scheme/ledger.ts'
import { release } from '../../src/cli/scheme/release.ts'
import { schemesFolder } from '../../src/config.ts'
import { readRules, rulesDigest } from '../../src/ranking/rules.ts'
import { home, points } from '../cli/processes.ts'
import { shippedScheme, shippedSchemes, vocabulary } from '../support/cases.ts'
import { schemeFile } from '../support/office.ts'
import { quillmere, quillmereRules } from '../support/quillmere.ts'

/** What speaks against a ledger: a document that has changed or is gone since, and an entry that an earlier ledger had otherwise. */
function faultsOf(ledger: Ledger, documents: Ledger, earlier: readonly Ledger[]): string[] {
  const ofDocuments = Object.entries(ledger).flatMap(([name, digest]) => {
    if (documents[name] === undefined) return [`${name} was released and is gone: put it back`]
    if (documents[name] !== digest) return [`${name} was released with other content: put it back, and write a new version instead`]
    return []
  })
  const entries = earlier.flatMap(before => Object.entries(before))
  const altered = entries.filter(([name, digest]) => ledger[name] !== digest).map(([name]) => name)
  return [...ofDocuments, ...[...new Set(altered)].map(name => `the ledger of an earlier commit has another entry of ${name}: put it back`)]
}

/** The ledgers of all commits before; undefined where there is no git, or no history of this folder. */
function earlierLedgers(folder: string): Ledger[] | undefined {
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'safe.directory=*', '-C', folder, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  let texts: string[]
  try {
    const commits = git('log', '--full-history', '--diff-filter=AM', '--format=%H', '--', 'released.json').split('\n').slice(0, -1)
    texts = commits.map(commit => git('show', `${commit}:./released.json`))
  } catch {
    return undefined
  }
  return texts.map(text => JSON.parse(text))
}

t.test('what was released has not changed', async t => {
  const ledger = readLedger(schemesFolder)
  const documents = documentsIn(schemesFolder)
  const earlier = earlierLedgers(schemesFolder)
  if (!earlier) t.comment('there is no git history here, so the ledger is not compared with earlier ones')
  t.same(faultsOf(ledger, documents, earlier ?? []), [])
  const open = Object.keys(documents).filter(name => ledger[name] === undefined)
  if (open.length > 0) t.comment(`not released yet: ${open.sort().join(', ')}`)
})

t.test('a document has the digest under which the service knows it', async t => {
  const documents = documentsIn(schemesFolder)
  t.equal(documents['vocabulary/1'], vocabulary.digest)
  t.equal(documents['model/2017/rounds'], rulesDigest(readRules(schemeFile('model/2017/rounds.yaml'))))
  for (const name of shippedSchemes) t.equal(documents[name], shippedScheme(name).digest, name)
})

t.test('the ledger only grows', async t => {
  t.same(faultsOf({ 'a/1': 'x' }, { 'a/1': 'x', 'a/2': 'y' }, [{}, { 'a/1': 'x' }]), [])
  t.match(faultsOf({ 'a/1': 'x' }, { 'a/1': 'y' }, []), [/^a\/1 .*write a new version instead$/])
  t.match(faultsOf({ 'a/1': 'x' }, {}, []), [/^a\/1 was released and is gone/])
  t.match(faultsOf({}, { 'a/1': 'y' }, [{ 'a/1': 'x' }, { 'a/1': 'x' }]), { length: 1, 0: /earlier commit .* a\/1/ })
  t.match(faultsOf({ 'a/1': 'y' }, { 'a/1': 'y' }, [{ 'a/1': 'x' }]), { length: 1, 0: /earlier commit .* a\/1/ })

  const folder = await home(t)
  t.equal(earlierLedgers(folder), undefined)
  const git = (...args: string[]) => execFileSync('git', ['-C', folder, '-c', 'user.name=test', '-c', 'user.email=test@example', ...args])
  try {
    git('init', '--quiet')
  } catch {
    return t.comment('there is no git here')
  }
  for (const ledger of [{}, { 'a/1': 'x' }, { 'a/1': 'x', 'a/2': 'y' }]) {
    writeFileSync(join(folder, 'released.json'), JSON.stringify(ledger))
    git('add', 'released.json')
    git('commit', '--quiet', '--message', 'a ledger')
  }
  t.same(earlierLedgers(folder), [{ 'a/1': 'x', 'a/2': 'y' }, { 'a/1': 'x' }, {}])
})

/** Of equal totals the older comes first in 2026. */
const roundCases = `rules: quillmere/2026
source: worked out by hand
cases:
  - case: the older of two equal totals
    places: 1
    applications:
      - {id: younger, total: 5, measures: {age: 40}, expect: {outcome: none, rank: 2}}
      - {id: older, total: 5, measures: {age: 41}, expect: {outcome: first, rank: 1}}
    expect: {cutOff: [5, 41]}
`

t.test('points scheme release', async t => {
  const folder = await home(t)
  const put = (path: string, text: string): string => {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    return file
  }
  const { source, cases } = quillmere('2026')
  const caseText = cases[0]?.text as string
  put('released.json', '{}\n')
  const words = put('vocabulary/1.yaml', schemeFile('vocabulary/1.yaml'))
  const scheme = put('quillmere/2026/scheme.yaml', source)
  const rules = put('quillmere/2026/rounds.yaml', quillmereRules('2026'))
  const second = put(
    'quillmere/2026/rounds-second.yaml',
    quillmereRules('2026').replace('rules: quillmere/2026', 'rules: quillmere/2026-second'),
  )
  const ledger = () => readFileSync(join(folder, 'released.json'), 'utf8')
  const refused = async (code: string, message: RegExp, ...files: string[]) => {
    const before = ledger()
    await t.rejects(release(folder, files), { name: 'Refusal', code, message })
    t.equal(ledger(), before, `${code}: nothing is entered`)
  }

  await refused('cannot-be-released', /there is none/, words, scheme)
  const cased = (text: string) => put('quillmere/2026/cases/points.yaml', text)
  cased(caseText.replace('total: 5.00', 'total: 6.00'))
  await refused('cannot-be-released', /a case fails/, words, scheme)
  cased(caseText.replace('total: 5.00', 'totall: 5.00'))
  await refused('cannot-be-released', /points\.yaml:5:\d+ error unknown-field/, words, scheme)
  cased(caseText)
  await refused('not-released-yet', /quillmere\/2026 rests on vocabulary\/1,/, scheme)
  await refused('cannot-be-released', /rounds\.yaml: a case fails, or there is none/, words, rules)
  const ranked = (text: string) => put('quillmere/2026/round-cases/order.yaml', text)
  ranked(roundCases.replace('rank: 2', 'rank: 1'))
  await refused('cannot-be-released', /rounds\.yaml: a case fails, or there is none/, words, rules)
  ranked(roundCases.replace('places: 1', 'place: 1'))
  await refused('cannot-be-released', /order\.yaml:5:\d+ error unknown-field/, words, rules)
  ranked(roundCases)
  await refused('not-released-yet', /rests on quillmere\/2026,/, words, rules)
  put('quillmere/2026/scheme.yaml', source.replace('of: birth', 'of: rebirth'))
  await refused('cannot-be-released', /scheme\.yaml:\d+:\d+ error unknown-name/, words, scheme)
  put('quillmere/2026/scheme.yaml', source)
  put('quillmere/2026/rounds.yaml', quillmereRules('2026').replace('total: settlement', 'total: nothing'))
  await refused('cannot-be-released', /rounds\.yaml:\d+:\d+ error unknown-name \/total/, words, scheme, rules)
  put('quillmere/2026/rounds.yaml', quillmereRules('2026'))
  await refused('wrong-place', /is no document of/, put('elsewhere.yaml', source))
  await refused('wrong-place', /belongs to vocabulary\/1\.$/, put('vocabulary/2.yaml', schemeFile('vocabulary/1.yaml')))
  await refused(
    'cannot-be-released',
    /rounds\.yaml:\d+:\d+ error other-scheme \/scheme .* is quillmere\/2026, which is not the one that they name/,
    words,
    scheme,
    put('quillmere/2026/rounds.yaml', quillmereRules('2027')),
  )
  put('quillmere/2026/rounds.yaml', quillmereRules('2026'))

  await refused('cannot-be-released', /rounds-second\.yaml: a case fails, or there is none/, words, scheme, second)
  const elsewhere = ['scheme.yaml', 'rounds.yaml', 'round-cases/order.yaml'].map(name =>
    put(`otherplace/2026/${name}`, readFileSync(join(folder, 'quillmere/2026', name), 'utf8')),
  )
  await refused('wrong-place', /belongs to quillmere\/2026\/rounds\.$/, words, scheme, elsewhere[1] as string)
  rmSync(join(folder, 'otherplace'), { recursive: true })

  put('quillmere/2026/round-cases/second.yaml', roundCases.replace('rules: quillmere/2026', 'rules: quillmere/2026-second'))
  const told = await release(folder, [words, scheme, rules, second])
  const names = [
    /^vocabulary\/1 sha256:/,
    /^quillmere\/2026 sha256:/,
    /^quillmere\/2026\/rounds sha256:/,
    /^quillmere\/2026\/rounds-second sha256:/,
  ]
  t.match(told, names)
  const entered = readLedger(folder)
  t.same(Object.keys(entered), ['quillmere/2026', 'quillmere/2026/rounds', 'quillmere/2026/rounds-second', 'vocabulary/1'])
  const { 'vocabulary/2': _, ...documents } = documentsIn(folder)
  t.same(entered, documents)
  put('quillmere/2026/scheme.yaml', `# layout and comments do not count\n${source}`)
  t.match(await release(folder, [scheme]), [/ \(released before\)$/])
  put('quillmere/2026/scheme.yaml', source.replace('atMost: 10', 'atMost: 11'))
  await refused('released-before', /quillmere\/2026 was released with other content.*new version/, scheme)

  const shipped = readFileSync(join(schemesFolder, 'released.json'), 'utf8')
  t.match(await points(['scheme', 'release', scheme]), { code: 2, out: '', err: /is no document of/ })
  t.equal(readFileSync(join(schemesFolder, 'released.json'), 'utf8'), shipped)
  t.match(await points(['scheme', 'release', '--help']), { code: 0, out: /released\.json/ })
})
