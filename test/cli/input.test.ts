import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import t from 'tap'
import { home, points } from './processes.ts'

const project = resolve(import.meta.dirname, '../..')
const model = join(project, 'schemes/model/2017')
const asOf = ['--as-of', '2016-12-31']

t.test('a name given twice is refused, not dropped', async t => {
  const scored = await points(
    ['score', '--scheme', join(model, 'scheme.yaml'), ...asOf],
    {},
    '{"id":"a","facts":{"detention":[],"detention":[]}}\n',
  )
  t.match([scored.code, JSON.parse(scored.out)], [1, { line: 1, error: { code: 'field-twice' } }])
  const lines =
    '{"id":"a:b","total":"1"}\n{"id":"c","total":"1","total":"9"}\n{"id":"d","tot\\u0061l":"1","total":"2"}\n{"id":"\\u0000","total":"1"}\n'
  const ranked = await points(['rank', '--quota', '1'], {}, lines)
  t.equal(ranked.code, 1)
  t.match(
    ranked.out
      .trim()
      .split('\n')
      .map(line => JSON.parse(line)),
    [
      { line: 2, error: { code: 'field-twice' } },
      { line: 3, error: { code: 'field-twice' } },
      { line: 4, error: { code: 'wrong-text' } },
    ],
  )
})

t.test('a file that is not UTF-8 is refused with the remedy', async t => {
  const folder = await home(t)
  const file = join(folder, 'gbk.yaml')
  // 积分 in GB18030.
  await writeFile(file, Buffer.concat([Buffer.from('scheme: '), Buffer.from([0xbb, 0xfd, 0xb7, 0xd6]), Buffer.from('\n')]))
  for (const args of [
    ['scheme', 'lint', file],
    ['score', '--scheme', file, ...asOf],
    ['verify', file],
  ]) {
    const { code, out, err } = await points(args)
    t.same({ code, out }, { code: 2, out: '' })
    t.match(err, /gbk\.yaml is not UTF-8 .*GB18030.* save the file as UTF-8/)
  }
  const withMark = join(folder, 'mark.yaml')
  await writeFile(withMark, `\ufeff${readFileSync(join(model, 'scheme.yaml'), 'utf8')}`)
  t.match(await points(['scheme', 'lint', withMark]), { code: 0 }, 'a byte order mark is no fault')
})

t.test('a scheme that cannot be used: file, line and column once', async t => {
  const file = join(await home(t), 'broken.yaml')
  await writeFile(file, 'scheme: a\ntitle: art. 3: the rule\n\tb: c\n')
  const remedy = /^(.*)broken\.yaml:2:8 error unreadable-document [^/].*quotes.*\n$/
  const linted = await points(['scheme', 'lint', file])
  t.equal(linted.code, 1)
  t.match(linted.out, remedy)
  t.notMatch(linted.out, /line \d/)
  const scored = await points(['score', '--scheme', file, ...asOf])
  t.equal(scored.code, 2)
  t.match(scored.err, remedy)
  const rounds = await points(['scheme', 'lint', join(model, 'rounds.yaml')])
  t.match(rounds, { code: 0, out: '', err: 'these round rules can be used\n' }, 'round rules are checked as what they are')
  const undecided = join(await home(t), 'rounds.yaml')
  const rules = await readFile(join(model, 'rounds.yaml'), 'utf8')
  await writeFile(undecided, rules.replace(/^line: .*$/m, ''))
  t.match(await points(['scheme', 'lint', undecided]), { code: 1, out: /rounds\.yaml:\d+:\d+ error undecided-order \/order / })
  await writeFile(undecided, rules.replace('of: insurance', 'of: insurances'))
  t.match(await points(['scheme', 'lint', undecided]), { code: 0, out: /note unchecked-names \/scheme / })
  await copyFile(join(model, 'scheme.yaml'), join(undecided, '../scheme.yaml'))
  t.match(await points(['scheme', 'lint', undecided]), { code: 1, out: /error unknown-name \/order\/1\/of / })
})

t.test('form comes before names and figures, and what is no scheme is told as what it is', async t => {
  const folder = await home(t)
  const file = join(folder, 'scheme.yaml')
  const lint = async (text: string) => {
    await writeFile(file, text)
    return points(['scheme', 'lint', file])
  }
  const good = await readFile(join(model, 'scheme.yaml'), 'utf8')
  const misspelt = good.replace('floor: 0', 'flour: 0')
  t.match(await lint(misspelt), { code: 1, err: '1 error of form; names and figures are checked when it is mended\n' })
  t.match(await lint(misspelt.replace('status: ', 'state: ')), {
    code: 1,
    err: '2 errors of form; names and figures are checked when these are mended\n',
  })
  t.match(await lint(good.replace('{below: 5, then', '{below: 4, then')), { code: 1, err: '1 error: this scheme cannot be used\n' })
  t.match(await lint(''), { code: 1, out: `${file}:1:1 error unreadable-document the document is empty; begin with: scheme: <name>\n` })
  const cases = join(model, 'cases/points.yaml')
  const told = `${cases}:2:1 error wrong-document this is a case file: use scheme test\n`
  t.same(await points(['scheme', 'lint', cases]), { code: 1, out: told, err: '1 error: this scheme cannot be used\n' })
  t.same(await points(['score', '--scheme', cases, ...asOf]), { code: 2, out: '', err: told })
  t.same(await points(['scheme', 'lint', model]), { code: 2, out: '', err: `${model} is a folder; name a file in it.\n` })
})

t.test('a reader that has seen enough does not make a failure a success', async t => {
  const file = join(await home(t), 'edition.json')
  const digest = `sha256:${'0'.repeat(64)}`
  const both = { 'zh-CN': '区', en: 'district' }
  const edition = {
    ...{ format: 1, kind: 'final', authority: 'an-office', round: 'r', edition: 1, supersedes: null, reason: 'r', inputs: digest, digest },
    ...{ sealedAt: '2017-03-01T08:00:00.000Z', sealedBy: 'c', asOf: '2016-12-31', scheme: { scheme: 's', version: '1', digest } },
    ...{ rules: { rules: 'r', digest }, order: [{ key: 'total', direction: 'desc' }], cutOff: ['1.00'] },
    quota: { places: 1, unit: 'applicants', decision: { number: '1', body: both }, capacityBasis: both },
    ...{ line: { rule: 'admit-all', lotSeed: null, lotSeedDigest: null }, counts: { applicants: 9, eligible: 9, admitted: 9, atLine: 0 } },
    entries: new Array(20_000).fill({ rank: 7, publicNumber: 'FJYN-WT4J-TFV2', name: '张*', total: '1.00' }),
  }
  await writeFile(file, JSON.stringify(edition))
  const command = `"${process.execPath}" --no-warnings src/cli/points.mjs verify "${file}" | head -1`
  const child = spawn('bash', ['-o', 'pipefail', '-c', command], { cwd: project, stdio: ['ignore', 'pipe', 'inherit'] })
  let out = ''
  child.stdout.on('data', text => {
    out += text
  })
  const code = await new Promise(done => child.on('close', done))
  t.equal(out.split('\n').length, 2)
  t.equal(code, 1)
})

t.test('the example of the README gives what the README says', async t => {
  const readme = readFileSync(join(project, 'README.md'), 'utf8')
  const [, facts] = /<<'END'\n {4}(.*)\n {4}END/.exec(readme) as unknown as string[]
  const [, total] = /gives a total of ([\d.]+):/.exec(readme) as unknown as string[]
  const { code, out } = await points(['score', '--scheme', join(model, 'scheme.yaml'), ...asOf], {}, `${facts}\n`)
  t.match([code, JSON.parse(out)], [0, { eligible: 'yes', total, totalIs: 'exact', missing: [] }])
})
