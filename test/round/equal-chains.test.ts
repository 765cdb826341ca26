import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'

t.test('300,000 equal chains at one line are drawn and verified in a heap of 40 MiB', async t => {
  const program = join(import.meta.dirname, '../support/equal-chains.ts')
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--max-old-space-size=40', program, '300000'], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  t.equal(status, 0, stderr.slice(-500))
  t.same(JSON.parse(stdout), { admitted: 150_000, found: {} })
})
