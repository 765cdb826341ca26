import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { firstDisagreement } from '../support/agreement.ts'
import { schemesInWords } from '../support/cases.ts'

const seed = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))
t.comment(`seed ${seed} (TEST_SEED gives the same run)`)

for (const name of schemesInWords)
  t.test(`${name}: 2,000 random facts give the same points by integers, by explained steps and by the oracle`, async t => {
    const { disagreement, seen } = firstDisagreement(name, seed, 2000)
    t.same(disagreement, undefined, `seed ${seed}`)
    // Facts of one answer only would prove little.
    for (const [what, number] of Object.entries(seen)) t.ok(number > 50, `${number} facts are ${what}`)
  })

t.test('scores do not depend on the time zone', async t => {
  const script = fileURLToPath(new URL('../support/digest-scores.ts', import.meta.url))
  const run = promisify(execFile)
  const results = await Promise.all(
    ['UTC', 'Asia/Shanghai', 'America/Los_Angeles'].map(async zone => {
      const { stdout } = await run(process.execPath, ['--no-warnings', script], { env: { ...process.env, TZ: zone, NODE_OPTIONS: '' } })
      const [zoneSeen, midnight, digest] = stdout.trim().split(' ')
      t.equal(zoneSeen, zone, `the process ran in ${zone}`)
      return { midnight, digest }
    }),
  )
  t.equal(new Set(results.map(({ midnight }) => midnight)).size, 3, 'local midnight differs')
  t.match(results[0]?.digest, /^sha256:/)
  t.equal(new Set(results.map(({ digest }) => digest)).size, 1, 'the scores do not')
})
