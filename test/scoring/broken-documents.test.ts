import t from 'tap'
import { build } from '../api/support.ts'
import { type Broken, brokenDocuments, complaint, ways } from '../support/broken-documents.ts'

/* Whatever somebody writes or sends instead of a scheme, the linter says what is wrong and where. */

const seed = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))
t.comment(`seed ${seed} (TEST_SEED gives the same run)`)

/** The first document that is taken wrongly, short enough to be read. */
const shown = ({ way, text }: Broken, complaint: string) => ({ way, complaint, text: text.slice(0, 5000) })

t.test('2,000 broken documents are refused with a place', async t => {
  const seen = new Set<string>()
  for (const document of brokenDocuments(seed, 2000)) {
    seen.add(document.way)
    const found = complaint(document)
    if (found) return t.fail(`seed ${seed}`, shown(document, found))
  }
  t.same(
    ways.filter(way => !seen.has(way)),
    [],
    'every way to break a scheme was gone',
  )
})

t.test('broken documents over HTTP', async t => {
  const { call, key } = await build(t)
  const writer = await key(['schemes:write'])
  const answers: { [status: number]: number } = {}
  for (const { way, text } of brokenDocuments(seed + 1, 2 * ways.length)) {
    const { status, body } = await call('POST', '/v1/schemes:lint', { key: writer, body: { source: text } })
    answers[status] = (answers[status] ?? 0) + 1
    const isTold = status === 200 ? body.findings.some((one: { severity: string }) => one.severity === 'error') : body.errors.length > 0
    if (![200, 400, 413].includes(status) || !isTold) return t.fail(`seed ${seed}: ${status}`, shown({ way, text }, JSON.stringify(body)))
  }
  t.ok((answers[200] ?? 0) > ways.length, `almost all are linted: ${JSON.stringify(answers)}`)
})
